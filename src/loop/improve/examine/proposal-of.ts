import type { Proposal } from '../../../../gates/governance/governance.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
import type { ImprovementLine } from '../improvement-line.ts';

/** @throws PawlError `PROPOSAL_NOT_FOUND` */
export function proposalOf(line: ImprovementLine, id: string): Proposal {
  const proposal = line.state.proposals[id];
  if (proposal !== undefined) return proposal;
  throw new PawlError(
    'PROPOSAL_NOT_FOUND',
    `The line "${line.name}" has no proposal ${id}. \`pawl gate show\` lists them.`,
    { context: { line: line.name, proposal: id } },
  );
}

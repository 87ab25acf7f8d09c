import { parseGateDefinition } from '../../../../gates/definition/gate-definition.ts';
import type { Digest } from '../../../kernel/brand.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
import type { ImprovementLine } from '../improvement-line.ts';
import { gateChangeProblems } from './gate-change-problems.ts';
import type { GateServices } from './gate-services.ts';
import { gateOf } from './line-gate.ts';
import { proposalOf } from './proposal-of.ts';
import { settleEpoch } from './settle-epoch.ts';
import { type Standing, settleProposal } from './settle-proposal.ts';

/** Somebody's answer to a proposal that the gate decided in favour of. */
export interface Approval {
  readonly proposal: string;
  /** As `person:ada`, `key:deploy` or `ci:nightly`. */
  readonly by: string;
}

/**
 * Records an approval, and promotes when it was the last that was missing.
 *
 * @throws PawlError `IMPROVEMENT_NOT_FOUND`, `PROPOSAL_NOT_FOUND`; `GOVERNANCE_REFUSED` where it does not count;
 * `PROPOSAL_INVALID` for a gate that the line cannot go on with any more
 */
export async function approve(
  line: ImprovementLine,
  services: GateServices,
  { proposal: id, by, comment }: Approval & { readonly comment: string },
): Promise<Standing> {
  const challenger = challengerOf(line, id);
  if (proposalOf(line, id).slot === 'gate') await refuseUnusableGate(line, services, challenger);
  await line.append([{ type: 'ApprovalGiven', data: { proposal: id, by, challenger, comment } }]);
  return settle(line, services, id);
}

/** Records a refusal, by which the proposal ends. @throws as `approve` */
export async function refuseProposal(
  line: ImprovementLine,
  services: GateServices,
  { proposal: id, by, reason }: Approval & { readonly reason: string },
): Promise<Standing> {
  const challenger = challengerOf(line, id);
  await line.append([{ type: 'ApprovalRefused', data: { proposal: id, by, challenger, reason } }]);
  return settle(line, services, id);
}

async function settle(line: ImprovementLine, services: GateServices, id: string): Promise<Standing> {
  const standing = await settleProposal(line, services, id);
  await settleEpoch(line, services);
  return standing;
}

/** While people made up their minds, another line may have opened the items that it wants to hold out. */
async function refuseUnusableGate(
  line: ImprovementLine,
  services: GateServices,
  challenger: Digest,
): Promise<void> {
  const definition = parseGateDefinition(JSON.parse(await services.ledger.getText(challenger)));
  const problems = await gateChangeProblems(line, services, definition);
  if (problems.length === 0) return;
  throw new PawlError(
    'PROPOSAL_INVALID',
    `This gate cannot take effect any more; refuse it. ${problems.join(' ')}`,
  );
}

function challengerOf(line: ImprovementLine, id: string) {
  gateOf(line);
  const { challenger } = proposalOf(line, id);
  if (challenger !== null) return challenger;
  throw new PawlError('PROPOSAL_INVALID', `The proposal ${id} has no challenger: nothing was proposed.`, {
    context: { proposal: id },
  });
}

import type { Governance } from '../../gates/governance/governance.ts';
import { PawlError } from '../kernel/pawl-error.ts';

const shortest = 4;

/**
 * Finds what a person means by a proposal's id, its beginning or its end, or `latest`.
 *
 * @throws PawlError `PROPOSAL_NOT_FOUND`, also when several fit
 */
export function findProposal({ proposals }: Governance, text: string): string {
  const inOrder = Object.values(proposals).sort((left, right) => left.index - right.index);
  const wanted = text.toUpperCase();
  if (wanted === 'LATEST' && inOrder.length > 0) return inOrder.at(-1)?.id ?? '';
  const fitting = inOrder.filter(({ id }) => id.startsWith(wanted) || id.endsWith(wanted));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1 && wanted.length >= shortest) return only.id;
  const why =
    fitting.length > 1
      ? `${fitting.length} proposals have an id like "${text}"`
      : `No proposal is called "${text}"`;
  throw new PawlError('PROPOSAL_NOT_FOUND', `${why}. \`pawl gate show\` lists them.`, {
    context: { wanted: text, proposals: inOrder.length },
  });
}

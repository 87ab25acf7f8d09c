import type { MutationHints } from '../../mutation/workbench.ts';
import { normalizedText } from './normalized-text.ts';
import { descending, scoresOf } from './ranking.ts';
import { repairBaseOf } from './repair-base.ts';
import type { RepairParameters } from './repair-parameters.ts';

export interface Proposal {
  readonly program: string;
  /** The program the edit was made in: one that was shown. */
  readonly base: string;
  readonly note: string;
}

/**
 * Every program that one edit makes of the given one, in a seeded order weighted by the plausibility of the edits; then
 * those that two edits make, in the order of the first edits; each program once, the given one never. This is all that can
 * be done without knowing how a candidate failed.
 */
export function* blindOrder(
  given: string,
  hints: MutationHints,
  seed: string,
  { blindSpread, priorWeight }: RepairParameters,
): Generator<Proposal> {
  const seen = new Set([normalizedText(given)]);
  const queue: Proposal[] = [{ program: given, base: given, note: '' }];
  for (const from of queue) {
    const base = repairBaseOf(from.program, hints);
    for (const index of descending(
      scoresOf(base, seed, { spread: blindSpread, priorWeight, additions: null }),
    )) {
      const mutation = base.mutations[index];
      const result = base.results[index];
      if (mutation === undefined || result === undefined || seen.has(result)) continue;
      seen.add(result);
      const program = base.programAt(index);
      if (program === null) continue;
      const note = from.note === '' ? mutation.description : `${from.note}; ${mutation.description}`;
      const proposal = { program, base: given, note };
      if (from === queue[0]) queue.push(proposal);
      yield proposal;
    }
  }
}

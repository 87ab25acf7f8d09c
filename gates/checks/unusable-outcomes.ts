import type { GateDefinition } from '../definition/gate-definition.ts';
import { type ItemOutcome, ungradedOf } from './item-outcome.ts';

/** Why nothing can be decided from these outcomes, as part of a sentence, or null when it can. */
export function unusableOutcomes(
  { metric }: GateDefinition,
  outcomes: readonly ItemOutcome[],
  count: number,
): string | null {
  const ungraded = ungradedOf(outcomes);
  if (ungraded > 0) return `${ungraded} of ${outcomes.length} items could not be graded`;
  if (outcomes.length !== count) return `${outcomes.length} of ${count} items were compared`;
  return metric === 'pass-fail' ? notPassFail(outcomes) : null;
}

/** Pass/fail items score 0 or 1; a sign test of anything else would test another hypothesis. */
export function notPassFail(outcomes: readonly ItemOutcome[]): string | null {
  const isBit = (score: number | null): boolean => score === null || score === 0 || score === 1;
  return outcomes.every(({ challenger, champion }) => isBit(challenger) && isBit(champion))
    ? null
    : 'the scores are not those of pass/fail items';
}

import { type Discordance, mcnemarRejects } from '../../../gates/policy/mcnemar.ts';
import { discordanceOf } from '../../../gates/policy/paired-outcomes.ts';

/** Whether each item was passed, in one order of the items. */
export type Passes = readonly boolean[];

/** A rule that knows the held-out outcomes of one pair, and of nothing before it. */
export type NaiveRule = (outcome: Discordance) => boolean;

export const naiveRules = {
  'mean higher': ({ wins, losses }) => wins > losses,
  'p < 0.05 each time': (outcome) => mcnemarRejects(outcome, { numerator: 1n, denominator: 20n }),
} as const satisfies Record<string, NaiveRule>;

export interface NaivePromotion {
  /** Place among the proposals, from 0. */
  readonly proposal: number;
  /** Place of what it took the place of; null for the baseline. */
  readonly replaced: number | null;
  readonly outcome: Discordance;
}

/**
 * What a loop would have promoted that evaluates every proposal on all held-out items and promotes by the rule. It follows a
 * champion of its own, which need not be the one that the proposals were made from.
 */
export function naiveLoop(
  baseline: Passes,
  proposals: readonly Passes[],
  rule: NaiveRule,
): readonly NaivePromotion[] {
  const promotions: NaivePromotion[] = [];
  let champion = { passes: baseline, place: null as number | null };
  for (const [proposal, passes] of proposals.entries()) {
    const outcome = compared(passes, champion.passes);
    if (!rule(outcome)) continue;
    promotions.push({ proposal, replaced: champion.place, outcome });
    champion = { passes, place: proposal };
  }
  return promotions;
}

export function compared(challenger: Passes, champion: Passes): Discordance {
  return discordanceOf(challenger.map((passed, index) => Number(passed) - Number(champion[index])));
}

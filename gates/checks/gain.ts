import { hedgedInterval } from '../policy/confidence-sequence.ts';
import { discordanceOf, momentsOf } from '../policy/paired-outcomes.ts';
import type { ItemOutcome } from './item-outcome.ts';

/** Of the intervals in evidence. */
export const usualConfidence = 0.95;

/** How the two sides compare, for people: nothing is decided from these numbers. */
export interface Gain {
  readonly items: number;
  readonly challengerMean: number;
  readonly championMean: number;
  /** Units (items or families) that the challenger does better on, and worse. */
  readonly wins: number;
  readonly losses: number;
  /**
   * Mean difference per unit, and its hedged interval (null where every mean is rejected): valid for one comparison, and however
   * early the test stopped.
   */
  readonly gain: number;
  readonly gainLower: number | null;
  readonly gainUpper: number | null;
  readonly confidence: number;
}

/**
 * @param differences of the outcomes, per unit of the test
 * @param confidence of the interval, two-sided
 */
export function gainOf(
  outcomes: readonly ItemOutcome[],
  differences: readonly number[],
  confidence: number,
): Gain {
  const values = differences.map((difference) => (difference + 1) / 2);
  const interval = hedgedInterval(values, 1 - confidence);
  return {
    items: outcomes.length,
    challengerMean: mean(outcomes.map(({ challenger }) => challenger ?? 0)),
    championMean: mean(outcomes.map(({ champion }) => champion ?? 0)),
    ...discordanceOf(differences),
    gain: momentsOf(differences).mean,
    gainLower: interval === null ? null : 2 * interval.lower - 1,
    gainUpper: interval === null ? null : 2 * interval.upper - 1,
    confidence,
  };
}

/** In words: `better on 9, worse on 2`. */
export function comparedText({ wins, losses }: Gain): string {
  return `better on ${wins}, worse on ${losses}`;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

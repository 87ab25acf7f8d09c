import { hedgedInterval } from '../policy/confidence-sequence.ts';
import { discordanceOf, momentsOf } from '../policy/paired-outcomes.ts';
import type { ItemOutcome } from './item-outcome.ts';

/** How the two sides compare, for people: nothing is decided from these numbers. */
export interface Gain {
  readonly items: number;
  readonly challengerMean: number;
  readonly championMean: number;
  /** Units (items or families) that the challenger does better on, and worse. */
  readonly wins: number;
  readonly losses: number;
  /** Mean difference per unit, and its hedged 95 % interval (null where it would be empty). */
  readonly gain: number;
  readonly gainLower: number | null;
  readonly gainUpper: number | null;
}

const intervalAlpha = 0.05;

/** @param differences of the outcomes, per unit of the test */
export function gainOf(outcomes: readonly ItemOutcome[], differences: readonly number[]): Gain {
  const interval = hedgedInterval(
    differences.map((difference) => (difference + 1) / 2),
    intervalAlpha,
  );
  return {
    items: outcomes.length,
    challengerMean: mean(outcomes.map(({ challenger }) => challenger ?? 0)),
    championMean: mean(outcomes.map(({ champion }) => champion ?? 0)),
    ...discordanceOf(differences),
    gain: momentsOf(differences).mean,
    gainLower: interval === null ? null : 2 * interval.lower - 1,
    gainUpper: interval === null ? null : 2 * interval.upper - 1,
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

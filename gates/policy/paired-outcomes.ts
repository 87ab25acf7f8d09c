import type { Discordance } from './mcnemar.ts';

/** Wins and losses among pass/fail differences: +1 where only the challenger passed, -1 where only the champion did. */
export function discordanceOf(differences: Iterable<number>): Discordance {
  let wins = 0;
  let losses = 0;
  for (const difference of differences) {
    if (difference > 0) wins += 1;
    else if (difference < 0) losses += 1;
  }
  return { wins, losses };
}

export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Mean of D²: for pass/fail items the share on which the two sides differ. */
  readonly meanSquare: number;
}

export function momentsOf(differences: readonly number[]): Moments {
  const count = differences.length;
  let sum = 0;
  let squares = 0;
  for (const difference of differences) {
    sum += difference;
    squares += difference * difference;
  }
  return { count, mean: count === 0 ? 0 : sum / count, meanSquare: count === 0 ? 0 : squares / count };
}

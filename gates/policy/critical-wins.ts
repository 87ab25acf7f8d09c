import type { Rational } from './math/rational.ts';

/**
 * The fewest wins that reject, for every number of discordant items up to a bound. From m to m + 1 the critical number stays or
 * rises by one, and T(m + 1, w) = 2T(m, w) + C(m, w - 1) keeps the tail exact (scaled by 2^m).
 */
export function criticalWinsUpTo(itemsMax: number, level: Rational): readonly (number | null)[] {
  const critical: (number | null)[] = [];
  let wins = 0;
  // Σ_{k>=wins} C(m, k) and C(m, wins - 1), for m = 0 and wins = 0.
  let tail = 1n;
  let below = 0n;
  for (let discordant = 0; discordant <= itemsMax; discordant += 1) {
    while (wins <= discordant && level.denominator * tail > level.numerator << BigInt(discordant)) {
      // One win more: the term C(m, wins) leaves the tail and becomes the one below it.
      below = wins === 0 ? 1n : (below * BigInt(discordant - wins + 1)) / BigInt(wins);
      tail -= below;
      wins += 1;
    }
    critical.push(wins <= discordant ? wins : null);
    tail = 2n * tail + below;
    // C(m + 1, w - 1) = C(m, w - 1)·(m + 1)/(m + 2 - w)
    if (wins > 0) below = (below * BigInt(discordant + 1)) / BigInt(discordant + 2 - wins);
  }
  return critical;
}

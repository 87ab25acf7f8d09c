import { criticalWinsUpTo } from './critical-wins.ts';
import { binomialProbability, binomialUpperTail } from './math/beta.ts';
import { must, mustBeCount, mustBeLevel, mustBePositive, mustBeShare } from './math/domain.ts';
import { normalCdf, normalQuantile } from './math/normal.ts';
import type { Rational } from './math/rational.ts';

/** A difference that is to be found: its size, and the share of items on which the two sides differ. */
export interface Effect {
  readonly delta: number;
  readonly discordance: number;
}

/**
 * Items for the wanted power of a one-sided McNemar test: (z_α √d + z_β √(d - δ²))²/δ² (Connor 1987). Normal approximation; not
 * rounded.
 */
export function mcnemarSampleSize({ delta, discordance }: Effect, level: number, power: number): number {
  mustBeEffect({ delta, discordance });
  mustBePositive(Math.abs(delta), 'the difference to be found');
  mustBeLevel(level, 'the level');
  mustBeLevel(power, 'the power');
  const accept = -normalQuantile(level) * Math.sqrt(discordance);
  const miss = normalQuantile(power) * Math.sqrt(discordance - delta ** 2);
  return (accept + miss) ** 2 / delta ** 2;
}

/**
 * Exact power of the one-sided exact McNemar test on n items: Σ_m Bin(m; n, d)·P(Bin(m, (d + δ)/2d) >= crit(m)).
 */
export function mcnemarPower(items: number, { delta, discordance }: Effect, level: Rational): number {
  mustBeCount(items, 'items');
  mustBeEffect({ delta, discordance });
  mustBePositive(discordance, 'the discordance');
  const winShare = (discordance + delta) / (2 * discordance);
  let power = 0;
  for (const [discordant, critical] of criticalWinsUpTo(items, level).entries()) {
    if (critical === null) continue;
    const weight = binomialProbability(discordant, items, discordance);
    if (weight > 0) power += weight * binomialUpperTail(critical, discordant, winShare);
  }
  return power;
}

/** Variances of repeated scores of the two sides, and how often each item is repeated. */
export interface Repeats {
  readonly delta: number;
  /** Variance of the true difference between items. */
  readonly itemVariance: number;
  readonly varianceA: number;
  readonly varianceB: number;
  readonly repeatsA: number;
  readonly repeatsB: number;
}

/** Items for a two-sided paired comparison of repeated scores: (z_{α/2} + z_β)²(ω² + σA²/KA + σB²/KB)/δ². Miller 2024. */
export function pairedSampleSize(repeats: Repeats, level: number, power: number): number {
  const { delta, itemVariance, varianceA, varianceB, repeatsA, repeatsB } = repeats;
  const z = normalQuantile(power) - normalQuantile(level / 2);
  return (z ** 2 * (itemVariance + varianceA / repeatsA + varianceB / repeatsB)) / delta ** 2;
}

/** A McNemar test part of the way: what was seen on how many items, of how many. */
export interface Look {
  readonly wins: number;
  readonly losses: number;
  readonly seen: number;
  readonly items: number;
}

/**
 * Probability to reject in the end if the effect is what was planned: 1 - Φ((z_α √(m + r·d) - (w - l) - r·δ)/√(r(d - δ²))), r
 * items left. For stopping for futility, which costs no alpha.
 */
export function conditionalPower(look: Look, { delta, discordance }: Effect, level: number): number {
  const { wins, losses, seen, items } = look;
  mustBeCount(wins, 'wins');
  mustBeCount(losses, 'losses');
  mustBeCount(seen, 'items seen', wins + losses);
  mustBeCount(items, 'items', seen);
  mustBeEffect({ delta, discordance });
  // A spent budget has the level 0.
  mustBeShare(level, 'the level');
  const left = items - seen;
  const needed = -normalQuantile(level) * Math.sqrt(wins + losses + left * discordance);
  if (left === 0) return wins - losses >= needed ? 1 : 0;
  const spread = Math.sqrt(left * (discordance - delta ** 2));
  return normalCdf(-(needed - (wins - losses) - left * delta) / spread);
}

function mustBeEffect({ delta, discordance }: Effect): void {
  mustBeShare(discordance, 'the discordance');
  must(Math.abs(delta) <= discordance, 'a difference', 'at most the share of items that differ', delta);
}

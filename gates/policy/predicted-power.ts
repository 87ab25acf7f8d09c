import { normalCdf, normalQuantile } from './math/normal.ts';
import { momentsOf } from './paired-outcomes.ts';

/**
 * Predicted power of a held-out test, from the dev split: Φ(shrink·δ·√(n/d) - z_a), with δ the mean difference there and d the
 * mean of D². A function of dev data and of the level, so spending or not spending a test on it tells nothing of the held-out
 * items.
 *
 * @param items held-out items
 * @param shrink what is believed of a difference that was searched for, for example 0.75
 */
export function predictedPower(
  devDifferences: readonly number[],
  items: number,
  level: number,
  shrink: number,
): number {
  const { mean, meanSquare } = momentsOf(devDifferences);
  if (meanSquare === 0 || level <= 0) return 0;
  return normalCdf(shrink * mean * Math.sqrt(items / meanSquare) + normalQuantile(level));
}

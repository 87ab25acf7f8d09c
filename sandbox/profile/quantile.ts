import { invariant } from '../../src/kernel/pawl-error.ts';

/**
 * The `p`-quantile of a sample, 0 ≤ p ≤ 1, by linear interpolation between order statistics: with h = (n − 1) p it is
 * x[⌊h⌋] + (h − ⌊h⌋) (x[⌊h⌋ + 1] − x[⌊h⌋]), where x is sorted and counted from 0. Definition 7 of R. J. Hyndman and Y. Fan,
 * "Sample quantiles in statistical packages", The American Statistician 50 (1996), 361–365.
 */
export function quantile(samples: readonly number[], p: number): number {
  invariant(samples.length > 0 && p >= 0 && p <= 1, 'A quantile is of at least one number, between 0 and 1.');
  const sorted = [...samples].sort((a, b) => a - b);
  const h = (sorted.length - 1) * p;
  const below = sorted[Math.floor(h)] ?? 0;
  const above = sorted[Math.ceil(h)] ?? below;
  return below + (h - Math.floor(h)) * (above - below);
}

export const medianOf = (samples: readonly number[]): number => quantile(samples, 0.5);

/**
 * Interquartile range over median: (Q(0.75) − Q(0.25)) / Q(0.5), with `quantile` as Q; no unit. Half of all samples lie in a
 * band of this width around the middle, and a single outlier does not change it. Null where the median is 0.
 */
export function spreadOf(samples: readonly number[]): number | null {
  const median = medianOf(samples);
  return median === 0 ? null : (quantile(samples, 0.75) - quantile(samples, 0.25)) / median;
}

import { incompleteBeta } from './math/beta.ts';
import { momentsOf } from './paired-outcomes.ts';

/** P(T > t) for Student's t with `freedom` degrees of freedom: ½ I_{ν/(ν+t²)}(ν/2, ½), mirrored for negative t. */
export function studentUpperTail(t: number, freedom: number): number {
  const half = incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  return t >= 0 ? half : 1 - half;
}

/**
 * One-sided p of the paired t-test that the mean difference is above zero. Asymptotic in general, and wrong for skewed
 * differences: for screening on data that decide nothing for good. 1 for fewer than two items; where nothing varies, 0 or 1.
 */
export function pairedTTest(differences: readonly number[]): number {
  const { count, mean, meanSquare } = momentsOf(differences);
  if (count < 2) return 1;
  const variance = Math.max(0, (meanSquare - mean * mean) * (count / (count - 1)));
  if (variance === 0) return mean > 0 ? 0 : 1;
  return studentUpperTail(mean / Math.sqrt(variance / count), count - 1);
}

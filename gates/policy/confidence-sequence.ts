import { mustBeLevel, mustBeShare } from './math/domain.ts';
import { ln, ln1p } from './math/elementary.ts';

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

interface Step {
  readonly x: number;
  /** Mean of the values before this one, regularised: (½ + Σ X)/t; and as it is (0 before the first). */
  readonly before: number;
  readonly plainBefore: number;
  /** √(2 ln(2/α)/(t ln(1 + t) s²)), s² the regularised variance before this value; untruncated. */
  readonly lambda: number;
}

/** Predictable bets on values in [0, 1]; Waudby-Smith & Ramdas 2024 (arXiv 2010.09686). */
function predictableSteps(values: readonly number[], alpha: number): readonly Step[] {
  mustBeLevel(alpha, 'alpha');
  let sum = 0;
  let squares = 0;
  return values.map((x, index) => {
    mustBeShare(x, 'a value');
    const t = index + 1;
    const before = (0.5 + sum) / t;
    const plainBefore = index === 0 ? 0 : sum / index;
    const variance = (0.25 + squares) / t;
    const lambda = Math.sqrt((2 * ln(2 / alpha)) / (t * ln1p(t) * variance));
    sum += x;
    const after = (0.5 + sum) / (t + 1);
    squares += (x - after) ** 2;
    return { x, before, plainBefore, lambda };
  });
}

/**
 * Predictable plug-in empirical-Bernstein confidence sequence for the mean of values in [0, 1], at every time: centre ΣλX/Σλ,
 * radius (ln(2/α) + Σ(X_i - μ_{i-1})²(-ln(1 - λ) - λ))/Σλ, with λ at most `truncation`. Valid at all times together.
 *
 * @param plugIn what stands for the mean so far: `regularized`, or `plain` as in the authors' package, which is wider
 */
export function empiricalBernsteinSequence(
  values: readonly number[],
  alpha: number,
  truncation = 0.5,
  plugIn: 'regularized' | 'plain' = 'regularized',
): readonly Interval[] {
  mustBeLevel(truncation, 'the truncation');
  let weight = 0;
  let weighted = 0;
  const spread = { below: 0, above: 0 };
  return predictableSteps(values, alpha).map(({ x, before, plainBefore, lambda: untruncated }, index) => {
    const lambda = Math.min(truncation, untruncated);
    const cost = -ln1p(-lambda) - lambda;
    // Nothing was seen before the first value: a plain mean is then the end of [0, 1] away from the bound in question.
    const plain = { below: plainBefore, above: index === 0 ? 1 : plainBefore };
    const center = plugIn === 'plain' ? plain : { below: before, above: before };
    weight += lambda;
    weighted += lambda * x;
    spread.below += (x - center.below) ** 2 * cost;
    spread.above += (x - center.above) ** 2 * cost;
    const radius = (sum: number): number => (ln(2 / alpha) + sum) / weight;
    const middle = weighted / weight;
    return {
      lower: Math.max(0, middle - radius(spread.below)),
      upper: Math.min(1, middle + radius(spread.above)),
    };
  });
}

/**
 * Hedged capital against the mean m: max(½Π(1 + min(λ, ½/m)(X - m)), ½Π(1 - min(λ, ½/(1 - m))(X - m))). An e-process when m is
 * the true mean.
 */
export function hedgedCapital(values: readonly number[], mean: number, alpha: number): number {
  mustBeShare(mean, 'the mean');
  return capitalOf(predictableSteps(values, alpha), mean);
}

function capitalOf(steps: readonly Step[], mean: number): number {
  let up = 0.5;
  let down = 0.5;
  for (const { x, lambda } of steps) {
    up *= 1 + Math.min(lambda, mean === 0 ? lambda : 0.5 / mean) * (x - mean);
    down *= 1 - Math.min(lambda, mean === 1 ? lambda : 0.5 / (1 - mean)) * (x - mean);
  }
  return Math.max(up, down);
}

/**
 * Means that the hedged capital does not reject, {m : K(m) < 1/α}, from a grid: widened by one cell on either side, because the
 * ends of the true interval lie between grid points.
 *
 * @param gridCells cells of [0, 1]; 1000 gives steps of 0.001
 * @returns null when every mean is rejected, which happens with probability at most α
 */
export function hedgedInterval(values: readonly number[], alpha: number, gridCells = 1000): Interval | null {
  const steps = predictableSteps(values, alpha);
  let lower: number | null = null;
  let upper: number | null = null;
  for (let cell = 0; cell <= gridCells; cell += 1) {
    const mean = cell / gridCells;
    if (capitalOf(steps, mean) >= 1 / alpha) continue;
    lower ??= cell;
    upper = cell;
  }
  if (lower === null || upper === null) return null;
  return { lower: Math.max(0, lower - 1) / gridCells, upper: Math.min(gridCells, upper + 1) / gridCells };
}

import { must, mustBeCount, mustBeFinite, mustBeLevel } from './math/domain.ts';
import { normalCdf, normalQuantile } from './math/normal.ts';

export interface BootstrapIntervals {
  readonly theta: number;
  readonly percentile: readonly [number, number];
  readonly z0: number;
  readonly acceleration: number;
  readonly bcaLevels: readonly [number, number];
  readonly bca: readonly [number, number];
}

/**
 * Percentile and BCa intervals of a mean on given resamples (lists of item indices), so that whoever drew them is accountable
 * for the randomness. z0 counts ties as halves, and means that differ by no more than rounding are tied; the acceleration comes
 * from the jackknife; quantiles are of type 7. Asymptotic: for what is reported, never for a decision. Efron 1987.
 *
 * @param level of the two-sided interval, for example 0.95
 */
export function bootstrapIntervals(
  values: readonly number[],
  resamples: readonly (readonly number[])[],
  level: number,
): BootstrapIntervals {
  checkArguments(values, resamples, level);
  const theta = mean(values);
  const means = resamples.map((indices) => mean(indices.map((index) => values[index] as number)));
  const sorted = means.toSorted((left, right) => left - right);
  const rounding = roundingOf(values);
  const below = means.filter((value) => value < theta - rounding).length;
  const ties = means.filter((value) => Math.abs(value - theta) <= rounding).length;
  const z0 = normalQuantile((below + ties / 2) / means.length);
  const acceleration = jackknifeAcceleration(values);
  const tail = (1 - level) / 2;
  const adjusted = (probability: number): number => {
    // Every resample lies on one side: so does the interval, whatever the acceleration.
    if (!Number.isFinite(z0)) return z0 > 0 ? 1 : 0;
    const z = z0 + normalQuantile(probability);
    return normalCdf(z0 + z / (1 - acceleration * z));
  };
  const bcaLevels = [adjusted(tail), adjusted(1 - tail)] as const;
  const at = (probability: number): number => quantileOfSorted(sorted, probability);
  return {
    theta,
    percentile: [at(tail), at(1 - tail)],
    z0,
    acceleration,
    bcaLevels,
    bca: [at(bcaLevels[0]), at(bcaLevels[1])],
  };
}

/** Type 7: linear between order statistics, the p-th at (n - 1)p from the first (Hyndman & Fan 1996). */
export function quantileOfSorted(sorted: readonly number[], probability: number): number {
  const place = (sorted.length - 1) * Math.min(1, Math.max(0, probability));
  const below = Math.floor(place);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (place - below) * (high - low);
}

/** a = Σ(j̄ - j_i)³ / (6 (Σ(j̄ - j_i)²)^1.5), over the means j_i without item i. */
function jackknifeAcceleration(values: readonly number[]): number {
  const { length } = values;
  const sum = values.reduce((total, value) => total + value, 0);
  const left = values.map((value) => (sum - value) / (length - 1));
  const center = mean(left);
  let squares = 0;
  let cubes = 0;
  for (const value of left) {
    const deviation = center - value;
    squares += deviation ** 2;
    cubes += deviation ** 3;
  }
  // One value has no jackknife; and what is left of equal values is rounding.
  const nothing = length < 2 || Math.sqrt(squares / length) <= roundingOf(values);
  return nothing ? 0 : cubes / (6 * squares * Math.sqrt(squares));
}

/** What the same sum in another order may differ by. */
function roundingOf(values: readonly number[]): number {
  return 1e-14 * Math.max(...values.map(Math.abs));
}

function checkArguments(
  values: readonly number[],
  resamples: readonly (readonly number[])[],
  level: number,
): void {
  mustBeLevel(level, 'the level');
  mustBeCount(values.length, 'values', 1);
  mustBeCount(resamples.length, 'resamples', 1);
  for (const value of values) mustBeFinite(value, 'a value');
  for (const indices of resamples) {
    mustBeCount(indices.length, 'items of a resample', 1);
    for (const index of indices) must(index in values, 'an item of a resample', 'one of the items', index);
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

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
 * for the randomness. z0 counts ties as halves; the acceleration comes from the jackknife; quantiles are of type 7. Asymptotic:
 * for what is reported, never for a decision. Efron 1987.
 *
 * @param level of the two-sided interval, for example 0.95
 */
export function bootstrapIntervals(
  values: readonly number[],
  resamples: readonly (readonly number[])[],
  level: number,
): BootstrapIntervals {
  const theta = mean(values);
  const means = resamples.map((indices) => mean(indices.map((index) => values[index] as number)));
  const sorted = means.toSorted((left, right) => left - right);
  const below = means.filter((value) => value < theta).length;
  const ties = means.filter((value) => value === theta).length;
  const z0 = normalQuantile((below + ties / 2) / means.length);
  const acceleration = jackknifeAcceleration(values);
  const tail = (1 - level) / 2;
  const adjusted = (probability: number): number => {
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
  return squares === 0 ? 0 : cubes / (6 * squares * Math.sqrt(squares));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

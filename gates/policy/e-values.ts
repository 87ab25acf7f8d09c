import { mustBeCount, mustBeEValue, mustBeLevel } from './math/domain.ts';

/** An average of e-values is an e-value, however they depend on each other. Vovk & Wang 2021 (arXiv 1912.06116). */
export function averageE(values: readonly number[]): number {
  mustBeCount(values.length, 'e-values', 1);
  for (const value of values) mustBeEValue(value);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A product is one only where each is an e-value given the ones before it: fresh items for each. */
export function productE(values: readonly number[]): number {
  for (const value of values) mustBeEValue(value);
  return values.reduce((product, value) => product * value, 1);
}

/**
 * e-BH: rejects the k* largest, k* = max{k : e_(k) >= K/(αk)}; controls the false discovery rate under any dependence. Wang &
 * Ramdas 2022 (arXiv 2009.02824).
 *
 * @returns indices of the rejected, ascending
 */
export function eBenjaminiHochberg(values: readonly number[], alpha: number): readonly number[] {
  mustBeLevel(alpha, 'alpha');
  for (const value of values) mustBeEValue(value);
  const order = values
    .map((_, index) => index)
    .toSorted((left, right) => at(values, right) - at(values, left));
  let rejected = 0;
  for (const [place, index] of order.entries()) {
    if (at(values, index) >= values.length / (alpha * (place + 1))) rejected = place + 1;
  }
  return order.slice(0, rejected).toSorted((left, right) => left - right);
}

function at(values: readonly number[], index: number): number {
  return values[index] as number;
}

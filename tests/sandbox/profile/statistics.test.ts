import { describe, expect, test } from 'vitest';
import { medianOf, quantile, spreadOf } from '../../../sandbox/profile/quantile.ts';
import { rankSumP } from '../../../sandbox/profile/rank-sum.ts';

describe('quantiles', () => {
  test('lie between the order statistics, as definition 7 of Hyndman and Fan has it', () => {
    const samples = [4, 1, 3, 2];
    expect([0, 0.25, 0.5, 0.75, 1].map((p) => quantile(samples, p))).toEqual([1, 1.75, 2.5, 3.25, 4]);
    expect(samples).toEqual([4, 1, 3, 2]);
  });

  test('of one sample are that sample', () => {
    expect([0, 0.3, 1].map((p) => quantile([7], p))).toEqual([7, 7, 7]);
  });

  test('of nothing are a defect of the caller', () => {
    expect(() => quantile([], 0.5)).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });

  test('a median is not moved by an outlier', () => {
    expect(medianOf([10, 11, 12, 13, 9_000])).toBe(12);
  });

  test('the spread is the interquartile range over the median, and null where the median is 0', () => {
    expect(spreadOf([8, 10, 12, 10, 10])).toBe(0);
    expect(spreadOf([1, 2, 3, 4])).toBe((3.25 - 1.75) / 2.5);
    expect(spreadOf([0, 0, 0, 5])).toBeNull();
  });
});

describe('the rank-sum test', () => {
  test('is exact where two samples do not overlap: 2 / C(n + m, n)', () => {
    expect(rankSumP([1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12])).toBeCloseTo(2 / 924, 12);
    expect(rankSumP([7, 8, 9, 10, 11], [1, 2, 3, 4, 5])).toBeCloseTo(2 / 252, 12);
    expect(rankSumP([1, 2, 3], [4, 5])).toBeCloseTo(2 / 10, 12);
  });

  test('counts what is as far from the mean, on both sides', () => {
    // Rank sums of two out of {1, 2, 3, 4}: 3 4 5 5 6 7, mean 5; 4 is as far as 6, 3 and 7.
    expect(rankSumP([1, 3], [2, 4])).toBeCloseTo(4 / 6, 12);
  });

  test('gives tied values the mean of their ranks', () => {
    // Midranks 1.5, 1.5, 3.5, 3.5; the six sums: 3, 5, 5, 5, 5, 7.
    expect(rankSumP([1, 1], [2, 2])).toBeCloseTo(2 / 6, 12);
    expect(rankSumP([1, 2], [1, 2])).toBe(1);
    expect(rankSumP([5, 5, 5], [5, 5, 5])).toBe(1);
  });

  test('agrees with every deal of the ranks counted one by one', () => {
    const [first, second] = [
      [3, 1, 4, 1],
      [5, 9, 2, 6, 5],
    ];
    const pooled = [...first, ...second];
    const ranks = pooled.map(
      (value) =>
        pooled.filter((other) => other < value).length +
        (pooled.filter((other) => other === value).length + 1) / 2,
    );
    const sumOf = (indices: readonly number[]) =>
      indices.reduce((sum, index) => sum + (ranks[index] ?? 0), 0);
    const mean = (first.length * (pooled.length + 1)) / 2;
    const observed = Math.abs(sumOf(first.map((_, index) => index)) - mean);
    let [all, asFar] = [0, 0];
    for (let mask = 0; mask < 2 ** pooled.length; mask += 1) {
      const indices = pooled.map((_, index) => index).filter((index) => (mask >> index) & 1);
      if (indices.length !== first.length) continue;
      all += 1;
      if (Math.abs(sumOf(indices) - mean) >= observed) asFar += 1;
    }
    expect(rankSumP(first, second)).toBeCloseTo(asFar / all, 12);
  });

  test('takes fifty samples each', () => {
    const [first, second] = [
      Array.from({ length: 50 }, (_, i) => i),
      Array.from({ length: 50 }, (_, i) => i + 50),
    ];
    // C(100, 50) is 1.0089e29.
    expect(rankSumP(first, second) / (2 / 1.0089134454556415e29)).toBeCloseTo(1, 6);
  });
});

import { expect, it } from 'vitest';
import { holm } from '../../../gates/policy/holm.ts';
import { parseRational } from '../../../gates/policy/math/rational.ts';

const holmOf = (pValues: readonly string[], alpha: string): readonly boolean[] =>
  holm(pValues.map(parseRational), parseRational(alpha));

it('Holm compares the smallest p with alpha/m, the next with alpha/(m - 1), and stops at the first that is too large', () => {
  // 0.01 <= 0.05/4, 0.013 <= 0.05/3, 0.03 > 0.05/2: the last would pass at 0.05/1, but is not asked any more.
  expect(holmOf(['0.03', '0.01', '0.04', '0.013'], '0.05')).toEqual([false, true, false, true]);
});

it('Holm rejects at equality, exactly', () => {
  expect(holmOf(['1/40', '1/20'], '1/20')).toEqual([true, true]);
  expect(holmOf(['1/40', '0.05000000000000000000001'], '1/20')).toEqual([true, false]);
  expect(holmOf(['0.02500000000000000000001', '1/20'], '1/20')).toEqual([false, false]);
});

it('Holm of nothing is nothing, and of one p it is the plain test', () => {
  expect(holmOf([], '1/20')).toEqual([]);
  expect(holmOf(['1/20'], '1/20')).toEqual([true]);
});

import { compare, multiply, type Rational, rational } from './math/rational.ts';

/**
 * Which of several hypotheses are rejected together: with the p-values in rising order, each while p_(i) <= α/(m - i + 1); the
 * first that is not ends it. Family-wise error at most α under any dependence, for p-values that are all there at once and
 * hypotheses that were fixed beforehand. The comparison is exact: (m - i + 1)·p <= α. Holm 1979, Scand. J. Statist. 6:65-70.
 */
export function holm(pValues: readonly Rational[], alpha: Rational): readonly boolean[] {
  const rejected = pValues.map(() => false);
  const rising = pValues.map((p, index) => ({ p, index })).sort((left, right) => compare(left.p, right.p));
  for (const [rank, { p, index }] of rising.entries()) {
    const weight = rational(BigInt(pValues.length - rank), 1n);
    if (compare(multiply(weight, p), alpha) > 0) break;
    rejected[index] = true;
  }
  return rejected;
}

import { PawlError } from '../../src/kernel/pawl-error.ts';
import { must, mustBeCount, mustBeFinite } from './math/domain.ts';

const itemsMax = 24;

/**
 * Sign-flip permutation test, exact by enumeration: the share of all 2^n sign patterns whose sum is at least the observed one
 * (within `tieTolerance`, because the same sum in another order may differ in its last bit). It needs differences that are
 * symmetric around 0 under the null hypothesis; with skewed ones its level is wrong. Phipson & Smyth 2010.
 *
 * @param differences challenger minus champion per item; at most 24, beyond that sample with `signFlipMonteCarlo`
 */
export function signFlipExact(differences: readonly number[], tieTolerance = 1e-12): number {
  const { length } = differences;
  if (length > itemsMax) {
    throw new PawlError(
      'USAGE',
      `Enumerating 2^${length} sign patterns takes too long; sample them instead.`,
    );
  }
  for (const difference of differences) mustBeFinite(difference, 'a difference');
  const observed = differences.reduce((sum, difference) => sum + difference, 0);
  let atLeast = 0;
  for (let pattern = 0; pattern < 2 ** length; pattern += 1) {
    let sum = 0;
    for (let index = 0; index < length; index += 1) {
      const difference = differences[index] as number;
      sum += (pattern >> index) & 1 ? -difference : difference;
    }
    if (sum >= observed - tieTolerance) atLeast += 1;
  }
  return atLeast / 2 ** length;
}

/** p of a sampled permutation test: (1 + exceeding) / (1 + resamples), which is valid whatever the number of resamples. */
export function signFlipMonteCarlo(exceeding: number, resamples: number): number {
  mustBeCount(exceeding, 'resamples that exceed');
  mustBeCount(resamples, 'resamples');
  must(exceeding <= resamples, 'resamples that exceed', 'at most all of them', exceeding);
  return (1 + exceeding) / (1 + resamples);
}

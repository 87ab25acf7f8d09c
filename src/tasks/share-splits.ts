import { PawlError } from '../kernel/pawl-error.ts';
import { defaultSplits } from './default-splits.ts';
import { type Splits, splitNames, splitSuite } from './split.ts';
import type { Suite } from './suite.ts';

const seedPrefix = 'shares ';

/**
 * Cuts a suite in other proportions: four whole numbers, `63:0:100:0`, of optimize, select, heldout and final. The seed of the
 * plan says them, so that whoever reads it draws the same.
 *
 * @throws PawlError `SPLIT_INVALID`
 */
export function shareSplits(suite: Suite, shares: string): Splits {
  const parts = shares.split(':').map(Number);
  const total = parts.reduce((sum, share) => sum + share, 0);
  if (parts.length !== splitNames.length || !parts.every(Number.isSafeInteger) || total <= 0) {
    throw new PawlError(
      'SPLIT_INVALID',
      `Shares are four whole numbers, of ${splitNames.join(', ')}, such as 63:0:100:0, not "${shares}".`,
    );
  }
  const [optimize = 0, select = 0, heldout = 0, final = 0] = parts.map((share) => share / total);
  const fractions = { optimize, select, heldout, final };
  const groupBy = suite.format === 'starter' ? 'program' : null;
  return splitSuite(suite, { seed: `${seedPrefix}${shares}`, fractions, groupBy, stratifyBy: null });
}

/** The plan of this build with that seed; null where there is none. @throws PawlError `SPLIT_INVALID` */
export function splitsOfSeed(suite: Suite, seed: string): Splits | null {
  if (seed.startsWith(seedPrefix)) return shareSplits(suite, seed.slice(seedPrefix.length));
  const usual = defaultSplits(suite);
  return usual.plan.seed === seed ? usual : null;
}

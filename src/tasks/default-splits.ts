import { type Splits, splitSuite } from './split.ts';
import { starterSplits } from './starter/starter-splits.ts';
import type { Suite } from './suite.ts';

/** How a suite is cut when nobody says otherwise: one fixed plan, so that everybody's `heldout` is the same. */
export function defaultSplits(suite: Suite): Splits {
  if (suite.format === 'starter') return starterSplits(suite);
  return splitSuite(suite, {
    seed: 'default-1',
    fractions: { optimize: 0.4, select: 0.2, heldout: 0.3, final: 0.1 },
    groupBy: null,
    stratifyBy: null,
  });
}

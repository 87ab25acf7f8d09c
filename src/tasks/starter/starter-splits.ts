import { type SplitPlan, type Splits, splitSuite } from '../split.ts';
import type { Suite } from '../suite.ts';

/** The split of the starter suite that figures are reported on: whole programs, so that no part has seen another's. */
const starterSplitPlan: SplitPlan = {
  seed: 'starter-1',
  fractions: { optimize: 0.4, select: 0.2, heldout: 0.3, final: 0.1 },
  groupBy: 'program',
  stratifyBy: null,
};

export function starterSplits(suite: Suite): Splits {
  return splitSuite(suite, starterSplitPlan);
}

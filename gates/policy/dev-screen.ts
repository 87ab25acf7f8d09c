import type { Rational } from './math/rational.ts';
import { toNumber } from './math/rational.ts';
import { mcnemarPValue, mcnemarRejects } from './mcnemar.ts';
import { discordanceOf } from './paired-outcomes.ts';
import { pairedTTest } from './student-t.ts';

export interface DevScreen {
  readonly passes: boolean;
  readonly p: number;
  readonly method: 'mcnemar-exact' | 'paired-t';
}

/**
 * Whether the challenger looks better than the working champion on the dev split. It guarantees nothing and need not: the dev
 * split is searched freely, and passing only saves tests on the held-out items.
 */
export function devScreen(
  differences: readonly number[],
  metric: 'pass-fail' | 'graded',
  entryLevel: Rational,
): DevScreen {
  if (metric === 'pass-fail') {
    const outcome = discordanceOf(differences);
    const p = toNumber(mcnemarPValue(outcome));
    return { passes: mcnemarRejects(outcome, entryLevel), p, method: 'mcnemar-exact' };
  }
  const p = pairedTTest(differences);
  return { passes: p <= toNumber(entryLevel), p, method: 'paired-t' };
}

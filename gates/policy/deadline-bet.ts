import { must, mustBeBet, mustBeCount, mustBeDifference, mustBeFinite, mustBeLevel } from './math/domain.ts';
import { normalDensity, normalQuantile } from './math/normal.ts';

export interface DeadlineBetOptions {
  readonly level: number;
  /** Items that are planned; their order is fixed in advance. */
  readonly items: number;
  readonly cap: number;
  /** Prior mean of D², from the dev split, and how many items it counts as. */
  readonly variancePrior: number;
  readonly priorItems: number;
}

export interface DeadlineBet {
  /** Capital after each item, and the bet before it; both end where the test stopped. */
  readonly path: readonly number[];
  readonly bets: readonly number[];
  readonly rejects: boolean;
}

const varianceFloor = 1e-6;

/**
 * Test by betting against a deadline: before item i, with r = n - i + 1 items left and capital K, x = Φ⁻¹(a·K), s² = (v0·p0 +
 * Σ_{j<i} D_j²)/(p0 + i - 1), bet = min(cap, φ(x)/(a·K·s·√r)); then K *= 1 + bet·D_i. Stops when a·K >= 1. Every bet depends on
 * the past only, so E[K] <= 1 under E[D] <= 0 for any bounded D: the level holds at every n. (Our use; the idea of betting
 * against a deadline is Browne 1999, compare arXiv 2505.22422.)
 *
 * @param differences challenger minus champion per item, in [-1, 1], in the order fixed in advance; read one by one, and none
 * after the stop
 */
export function deadlineBet(differences: Iterable<number>, options: DeadlineBetOptions): DeadlineBet {
  const { level, items, cap, variancePrior, priorItems } = options;
  mustBeLevel(level, 'the level');
  mustBeCount(items, 'items', 1);
  mustBeBet(cap);
  for (const prior of [variancePrior, priorItems]) {
    mustBeFinite(prior, 'a prior');
    must(prior >= 0, 'a prior', '0 or more', prior);
  }
  let capital = 1;
  let squares = 0;
  const path: number[] = [];
  const bets: number[] = [];
  for (const difference of differences) {
    const index = path.length;
    const left = items - index;
    must(left > 0, 'differences', `at most the ${items} that were planned`, index + 1);
    mustBeDifference(difference);
    const variance = Math.max(varianceFloor, (variancePrior * priorItems + squares) / (priorItems + index));
    const target = level * capital;
    const wanted = normalDensity(normalQuantile(target)) / (target * Math.sqrt(variance) * Math.sqrt(left));
    const bet = Number.isFinite(wanted) ? Math.min(cap, wanted) : cap;
    capital *= 1 + bet * difference;
    squares += difference * difference;
    path.push(capital);
    bets.push(bet);
    if (level * capital >= 1) return { path, bets, rejects: true };
  }
  return { path, bets, rejects: false };
}

import { must, mustBeCount, mustBeDifference } from './math/domain.ts';
import { normalCdf } from './math/normal.ts';
import type { Discordance } from './mcnemar.ts';

/**
 * Score test that the challenger is worse by no more than `margin` on pass/fail items (Tango 1998): asymptotic. With δ0 =
 * -margin, A = 2n, B = -l - w + (2n - w + l)δ0, C = -l·δ0(1 - δ0), p21 = (√(B² - 4AC) - B)/2A, z = (w - l - nδ0)/√(n(2p21 +
 * δ0(1 - δ0))).
 */
export function tangoNonInferiority(
  { wins, losses }: Discordance,
  items: number,
  margin: number,
): { readonly z: number; readonly p: number } {
  mustBeCount(wins, 'wins');
  mustBeCount(losses, 'losses');
  mustBeCount(items, 'items', Math.max(1, wins + losses));
  mustBeMargin(margin);
  const delta = -margin;
  const a = 2 * items;
  const b = -losses - wins + (2 * items - wins + losses) * delta;
  const c = -losses * delta * (1 - delta);
  const p21 = (Math.sqrt(b * b - 4 * a * c) - b) / (2 * a);
  const excess = wins - losses - items * delta;
  // Without a margin and without an item that differs there is nothing to divide by, and nothing to tell.
  const z = excess === 0 ? 0 : excess / Math.sqrt(items * (2 * p21 + delta * (1 - delta)));
  return { z, p: normalCdf(-z) };
}

/**
 * Turns "not worse by more than margin" into "better than nothing": D' = (D + margin)/(1 + margin) lies in [-1, 1] again, and
 * E[D'] <= 0 exactly when E[D] <= -margin. Any finite-sample test of a mean can then be used.
 */
export function nonInferiorityDifferences(differences: readonly number[], margin: number): readonly number[] {
  mustBeMargin(margin);
  return differences.map((difference) => {
    mustBeDifference(difference);
    return (difference + margin) / (1 + margin);
  });
}

function mustBeMargin(margin: number): void {
  must(margin >= 0 && margin < 1, 'the margin', 'from 0 up to, but not, 1', margin);
}

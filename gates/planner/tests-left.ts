import type { LevelAccount } from '../policy/level-policy.ts';
import type { Rational } from '../policy/math/rational.ts';
import { mcnemarFinds } from '../policy/mcnemar-planning.ts';
import type { PlanQuestion } from './plan-question.ts';

/** More tests than this are not counted. */
export const testsLeftMax = 200;

/** Tests in a row, all of them ending in discards, at the worst discordance; `testsLeftMax` stands for that or more. */
export interface TestsLeft {
  /** While the hoped-for effect is found with the wanted power. */
  readonly findingEffect: number;
  /** Until the smallest effect that is found exceeds `effectMax`, and the items are retired. */
  readonly untilRetired: number;
}

/** How many tests the account still holds if all of them end in discards. */
export function testsLeft({
  items,
  account,
  effect,
  effectMax,
  discordances,
  power,
}: PlanQuestion): TestsLeft {
  const worst = discordances.at(-1) ?? discordances[0];
  const levels = discardLevels(account);
  const finding = (delta: number): number =>
    longestPrefix(levels, (level) => {
      // A difference cannot be larger than the share of items that differ.
      const found = { delta, discordance: Math.max(worst, delta) };
      return mcnemarFinds(items, found, level, power);
    });
  return { findingEffect: finding(effect), untilRetired: finding(effectMax) };
}

function discardLevels(account: LevelAccount): readonly Rational[] {
  const levels: Rational[] = [];
  let at = account;
  while (levels.length < testsLeftMax && at.level.numerator > 0n) {
    levels.push(at.level);
    at = at.after('discard', 1);
  }
  return levels;
}

/** Levels do not rise along discards, so what holds for one holds for those before it. */
function longestPrefix(levels: readonly Rational[], holds: (level: Rational) => boolean): number {
  let [holding, failing] = [0, levels.length + 1];
  while (failing - holding > 1) {
    const middle = (holding + failing) >> 1;
    if (holds(levels[middle - 1] as Rational)) holding = middle;
    else failing = middle;
  }
  return holding;
}

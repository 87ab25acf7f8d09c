import { parseRational } from '../policy/math/rational.ts';
import { mcnemarPower } from '../policy/planning.ts';
import type { Plan } from './plan.ts';
import type { PlanQuestion } from './plan-question.ts';
import type { PlanStage } from './plan-stages.ts';
import { levelText, short, signed } from './plan-wording.ts';
import { type TestsLeft, testsLeftMax } from './tests-left.ts';

/** One plain sentence. */
export function planSentence(
  { items, effect, effectMax, power, discordances }: PlanQuestion,
  verdict: Plan['verdict'],
  [now]: readonly [PlanStage, ...PlanStage[]],
  { findingEffect, untilRetired }: TestsLeft,
): string {
  const worst = discordances.at(-1) ?? discordances[0];
  const smallest = now.detectable.at(-1) ?? null;
  const level = `level ${levelText(now.level)}`;
  if (verdict === 'works') {
    const left = `${counted(findingEffect)} in a row that all end in discards`;
    return `${items} items find ${signed(effect)} with ${percent(power)} power or more at ${level}, and go on doing so for ${left}; the smallest effect they find is ${signed(smallest ?? effect)}${at(discordances, worst, 'worst')}.`;
  }
  if (verdict === 'depends') {
    const best = discordances.findLastIndex((_, index) => (now.detectable[index] ?? 1) <= effect);
    return `${items} items find ${signed(effect)} with ${percent(power)} power at ${level} only if the two sides differ on at most ${short(discordances[best] ?? 0)} of the items or little more; at ${short(worst)} the smallest effect they find is ${smallest === null ? 'none' : signed(smallest)}.`;
  }
  if (now.level === '0')
    return 'Nothing can be tested any more: alpha is spent. New held-out items open a new epoch.';
  const least = now.detectable[0] ?? null;
  const found =
    least === null
      ? 'they do not even find a challenger that wins on every item on which the two sides differ'
      : `the smallest effect they find with ${percent(power)} power is ${signed(least)}${at(discordances, discordances[0], 'best')}`;
  const retired = untilRetired > 0 ? '' : `; that is beyond ${signed(effectMax)}, so they are to be retired`;
  return `${items} items cannot find ${signed(effect)}: at ${level} ${found}${retired}.`;
}

/** Why the effect is not found, discordance by discordance. */
export function planReasons(
  { items, account, effect, power, discordances }: PlanQuestion,
  [now]: readonly [PlanStage, ...PlanStage[]],
): readonly string[] {
  if (account.level.numerator <= 0n) return ['the budget of alpha is spent, so no test has a level'];
  return discordances.flatMap((discordance, index) => {
    const [smallest, needed] = [now.detectable[index] ?? null, now.itemsNeeded[index] ?? null];
    if (smallest !== null && smallest <= effect) return [];
    const chance =
      discordance < effect
        ? `a difference of ${signed(effect)} needs two sides that differ on more items than that`
        : `a challenger that is better by ${signed(effect)} passes with probability ${mcnemarPower(items, { delta: effect, discordance }, parseRational(now.level)).toFixed(2)}`;
    const wanted = needed === null ? 'more items than are planned for' : `${needed} items`;
    return [
      `at discordance ${short(discordance)} ${chance}; ${percent(power)} take ${wanted}, and the smallest effect that is found is ${smallest === null ? 'none' : signed(smallest)}`,
    ];
  });
}

function at(discordances: readonly number[], discordance: number, which: 'best' | 'worst'): string {
  return ` at discordance ${short(discordance)}${discordances.length > 1 ? `, the ${which} of these` : ''}`;
}

function percent(share: number): string {
  return `${short(100 * share)} %`;
}

function counted(tests: number): string {
  return tests === 1 ? '1 test' : `${tests}${tests >= testsLeftMax ? ' or more' : ''} tests`;
}

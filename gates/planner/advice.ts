import { pairedSampleSize } from '../policy/planning.ts';
import type { PlanQuestion } from './plan-question.ts';
import type { PlanStage } from './plan-stages.ts';
import { signed } from './plan-wording.ts';

/** Something that would help, with the number that it comes to. */
export interface Advice {
  readonly kind: 'grow' | 'grow-for-three' | 'lower-ambition' | 'repeat' | 'measure-noise';
  readonly value: number | null;
  readonly sentence: string;
}

/** What would help, at the worst of the discordances. */
export function planAdvice(
  { items, effect, power, discordances, noise }: PlanQuestion,
  stages: readonly [PlanStage, ...PlanStage[]],
  level: number,
): readonly Advice[] {
  const advice: Advice[] = [];
  const [now, , third] = stages;
  const needed = now.itemsNeeded.at(-1) ?? null;
  const smallest = now.detectable.at(-1) ?? null;
  const neededForThree = third?.itemsNeeded.at(-1) ?? null;
  const enough = needed !== null && needed <= items;
  if (needed !== null && !enough) {
    advice.push({ kind: 'grow', value: needed, sentence: `grow the held-out set to ${needed} items` });
  }
  if (neededForThree !== null && neededForThree > items) {
    const sentence = `for ${signed(effect)} to be found again after two promotions it takes ${neededForThree} items`;
    advice.push({ kind: 'grow-for-three', value: neededForThree, sentence });
  }
  if (enough || level <= 0) return advice;
  if (smallest !== null) {
    const sentence = `look for ${signed(smallest)} or more: smaller changes can be made together and judged as one`;
    advice.push({ kind: 'lower-ambition', value: smallest, sentence });
  }
  const discordance = discordances.at(-1) ?? 0;
  if (noise === null) {
    const sentence =
      'find out how much of the discordance is chance: if one configuration, run twice, differs from itself on a share of the items, repeats of each item take that share away (--noise SHARE says how much)';
    return [...advice, { kind: 'measure-noise', value: null, sentence }];
  }
  const itemVariance = discordance - effect ** 2 - noise;
  const repeats = [2, 3, 5, 10].find((times) => times > 1 && repeated(times) <= items);
  const limit = Math.ceil(repeated(Number.POSITIVE_INFINITY));
  const sentence =
    repeats === undefined
      ? `repeats do not suffice: without any chance it would still take about ${limit} items`
      : `repeat each item ${repeats} times (metric graded-repeats): then about ${Math.ceil(repeated(repeats))} items find it`;
  return [...advice, { kind: 'repeat', value: repeats ?? null, sentence }];

  /** By the normal approximation, for a one-sided test: half of the chance on either side. */
  function repeated(times: number): number {
    const sides = {
      varianceA: (noise ?? 0) / 2,
      varianceB: (noise ?? 0) / 2,
      repeatsA: times,
      repeatsB: times,
    };
    return pairedSampleSize(
      { delta: effect, itemVariance: Math.max(0, itemVariance), ...sides },
      2 * level,
      power,
    );
  }
}

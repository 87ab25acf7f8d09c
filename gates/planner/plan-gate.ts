import { toNumber } from '../policy/math/rational.ts';
import { planAdvice } from './advice.ts';
import type { Plan } from './plan.ts';
import type { PlanQuestion } from './plan-question.ts';
import { planReasons, planSentence } from './plan-sentence.ts';
import { planStages } from './plan-stages.ts';
import { testsLeft } from './tests-left.ts';

/**
 * What a held-out set can find under an account of alpha, now and after what may come of the next tests. It works where the
 * hoped-for effect is found at the next level, with the wanted power, at every discordance that is thought possible. Where it
 * does not, the plan says why, and what would. Numbers are those of the exact McNemar test on pass/fail items.
 */
export function planGate(question: PlanQuestion): Plan {
  const { account, ...asked } = question;
  const stages = planStages(question);
  const finds = stages[0].detectable.map((smallest) => smallest !== null && smallest <= question.effect);
  const verdict = finds.every((found) => found)
    ? 'works'
    : finds.some((found) => found)
      ? 'depends'
      : 'refused';
  const reasons = verdict === 'works' ? [] : planReasons(question, stages);
  const left = testsLeft(question);
  return {
    question: asked,
    verdict,
    stages,
    testsLeft: left,
    cost: { challengerPerTest: question.items, perChampion: question.items },
    reasons,
    advice: planAdvice(question, stages, toNumber(account.level)),
    sentence: planSentence(question, verdict, stages, left),
  };
}

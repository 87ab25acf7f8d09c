import type { Advice } from './advice.ts';
import type { PlanQuestion } from './plan-question.ts';
import type { PlanStage } from './plan-stages.ts';
import type { TestsLeft } from './tests-left.ts';

export interface Plan {
  readonly question: Omit<PlanQuestion, 'account'>;
  /** `depends`: it works at some of the discordances only. */
  readonly verdict: 'works' | 'depends' | 'refused';
  /** What the set finds now and later, level by level; the first is the next test. */
  readonly stages: readonly [PlanStage, ...PlanStage[]];
  readonly testsLeft: TestsLeft;
  readonly cost: PlanCost;
  /** Why it does not work; empty where it does. */
  readonly reasons: readonly string[];
  readonly advice: readonly Advice[];
  readonly sentence: string;
}

/** In episodes on held-out items, futility not counted. */
export interface PlanCost {
  readonly challengerPerTest: number;
  /** Once for each champion that challengers are compared with. */
  readonly perChampion: number;
}

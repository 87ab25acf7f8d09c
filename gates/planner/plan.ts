import type { LevelAccount } from '../policy/level-policy.ts';
import type { Advice } from './advice.ts';
import type { PlanStage } from './plan-stages.ts';

/** What somebody wants to find, with what, and under which account of alpha. */
export interface PlanQuestion {
  /** Held-out items. */
  readonly items: number;
  /** Where the levels come from; it stands before the next test. */
  readonly account: LevelAccount;
  /** The effect that is hoped for, in score units per item. */
  readonly effect: number;
  /** The largest effect that may be the smallest detectable one; beyond it the items are retired. */
  readonly effectMax: number;
  readonly power: number;
  /** Shares of items on which the two sides differ that are thought possible, rising; the last is the worst. */
  readonly discordances: readonly [number, ...number[]];
  /** Share of items on which a configuration differs from itself in a second run; null where nobody measured it. */
  readonly noise: number | null;
}

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

/** Tests in a row, all of them ending in discards, at the worst discordance; `testsLeftMax` stands for that or more. */
export interface TestsLeft {
  /** While the hoped-for effect is found with the wanted power. */
  readonly findingEffect: number;
  /** Until the smallest effect that is found exceeds `effectMax`, and the items are retired. */
  readonly untilRetired: number;
}

/** In episodes on held-out items, futility not counted. */
export interface PlanCost {
  readonly challengerPerTest: number;
  /** Once for each champion that challengers are compared with. */
  readonly perChampion: number;
}

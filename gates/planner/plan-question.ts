import type { LevelAccount } from '../policy/level-policy.ts';

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

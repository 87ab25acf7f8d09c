import type { GeneratorRef, StrategyRef } from '../src/events/run.ts';
import type { Digest, StreamName } from '../src/kernel/brand.ts';
import { digestOf } from '../src/kernel/digest.ts';
import type { Projection } from './projection.ts';

export interface LeaderboardRow {
  suite: Digest;
  suiteName: string;
  strategy: StrategyRef;
  generator: GeneratorRef;
  /** The template that prompts were rendered from, where it is not the rendering that is built in. */
  prompt?: Digest;
  runs: number;
  /** Finished episodes. */
  episodes: number;
  publicPass: number;
  hiddenPass: number;
  /** Passed every public test and failed a hidden one. */
  overAccepted: number;
  candidates: number;
  executions: number;
  tokens: number;
  steps: number;
}

export interface LeaderboardState {
  rows: Record<Digest, LeaderboardRow>;
  /** Row of every run. */
  runs: Record<StreamName, Digest>;
  /** Row of every episode under way. */
  episodes: Record<StreamName, Digest>;
}

/**
 * Solved tasks and what they cost, for every combination of suite, strategy (with parameters), generator and prompt. Branches
 * do not count: what they take over was counted where it was made, and where they begin was chosen by somebody who knew how it
 * ended.
 */
export const leaderboardProjection: Projection<LeaderboardState> = {
  name: 'leaderboard',
  version: 1,
  initialState: () => ({ rows: {}, runs: {}, episodes: {} }),
  evolve(state, event) {
    switch (event.type) {
      case 'RunStarted': {
        const { suite, suiteName, strategy, generator, prompt, forkedFrom } = event.data;
        if (forkedFrom !== null) return state;
        const template = prompt === null ? {} : { prompt: prompt.digest };
        const key = digestOf({ suite, strategy, generator, ...template });
        state.runs[event.stream] = key;
        state.rows[key] ??= { ...emptyRow(suite, suiteName, strategy, generator), ...template };
        state.rows[key].runs += 1;
        return state;
      }
      case 'EpisodeStarted': {
        const key = state.runs[event.data.run];
        if (key !== undefined) state.episodes[event.stream] = key;
        return state;
      }
      case 'EpisodeFinished': {
        const key = state.episodes[event.stream];
        const row = key === undefined ? undefined : state.rows[key];
        if (row === undefined) return state;
        const { publicPass, hiddenPass, candidates, executions, tokens, steps } = event.data;
        row.episodes += 1;
        row.publicPass += publicPass ? 1 : 0;
        row.hiddenPass += hiddenPass ? 1 : 0;
        row.overAccepted += publicPass && !hiddenPass ? 1 : 0;
        row.candidates += candidates;
        row.executions += executions;
        row.tokens += tokens;
        row.steps += steps;
        delete state.episodes[event.stream];
        return state;
      }
      default:
        return state;
    }
  },
};

function emptyRow(
  suite: Digest,
  suiteName: string,
  strategy: StrategyRef,
  generator: GeneratorRef,
): LeaderboardRow {
  return {
    suite,
    suiteName,
    strategy,
    generator,
    runs: 0,
    episodes: 0,
    publicPass: 0,
    hiddenPass: 0,
    overAccepted: 0,
    candidates: 0,
    executions: 0,
    tokens: 0,
    steps: 0,
  };
}

import { describe, expect, it } from 'vitest';
import { leaderboardProjection } from '../../projections/leaderboard.ts';
import { digestOf } from '../../src/kernel/digest.ts';
import { digest } from '../strategies/episode-events.ts';
import { foldSpecification } from '../support/fold-specification.ts';
import { finished, generator, runFinished, runStarted, started, strategy } from './run-events.ts';

const row = (suite: string, chosen = strategy, by = generator) =>
  digestOf({ suite: digest(suite), strategy: chosen, generator: by });
const empty = {
  ...{ suite: digest('suite'), suiteName: 'suite', strategy, generator, runs: 1, episodes: 0, publicPass: 0 },
  ...{ hiddenPass: 0, overAccepted: 0, candidates: 0, executions: 0, tokens: 0, steps: 0 },
};
const cost = { candidates: 2, executions: 3, tokens: 40, steps: 500 };
const one = foldSpecification(leaderboardProjection).given(['run-1', runStarted()]);

describe('the leaderboard', () => {
  it('has a row for every combination of suite, strategy and generator, and counts their runs', () => {
    one.thenState({
      rows: { [row('suite')]: empty },
      runs: { 'run-1': row('suite') },
      episodes: {},
    } as never);
    const wider = { ...strategy, params: { candidates: 4 } };
    const other = { ...generator, config: { temperature: 1 } };
    const state = one
      .given(['run-2', runStarted()], ['run-3', runStarted({ strategy: wider })])
      .given(['run-4', runStarted({ generator: other })], ['run-5', runStarted({ suite: 'other' })])
      .state();
    expect(Object.fromEntries(Object.entries(state.rows).map(([key, { runs }]) => [key, runs]))).toEqual({
      [row('suite')]: 2,
      [row('suite', wider)]: 1,
      [row('suite', strategy, other)]: 1,
      [row('other')]: 1,
    });
  });

  it('adds up what finished episodes solved and what they cost', () => {
    one
      .given(['episode-1.0', started('run-1', 0, 'a')], ['episode-1.1', started('run-1', 1, 'b')])
      .given(['episode-1.2', started('run-1', 2, 'c')], ['episode-1.3', started('run-1', 3, 'd')])
      .given(['episode-1.0', finished(true, true, cost)], ['episode-1.1', finished(true, false, cost)])
      .given(['episode-1.2', finished(false, false, cost)], ['run-1', runFinished])
      .thenState({
        rows: {
          [row('suite')]: {
            ...{ ...empty, episodes: 3, publicPass: 2, hiddenPass: 1, overAccepted: 1 },
            ...{ candidates: 6, executions: 9, tokens: 120, steps: 1500 },
          },
        },
        runs: { 'run-1': row('suite') },
        episodes: { 'episode-1.3': row('suite') },
      } as never);
  });

  it('calls over-accepted only what passed every public test', () => {
    const state = one
      .given(['episode-1.0', started('run-1', 0, 'a')], ['episode-1.0', finished(false, true, cost)])
      .state();
    expect(Object.values(state.rows)).toMatchObject([{ publicPass: 0, hiddenPass: 1, overAccepted: 0 }]);
  });

  it('passes over episodes of runs it was not given', () => {
    foldSpecification(leaderboardProjection)
      .given(['episode-1.0', started('run-1', 0, 'a')], ['episode-1.0', finished(true, true, cost)])
      .thenState({ rows: {}, runs: {}, episodes: {} });
  });
});

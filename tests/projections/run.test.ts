import { describe, expect, it } from 'vitest';
import { runProjection } from '../../projections/run.ts';
import { digest, exhausted } from '../strategies/episode-events.ts';
import { foldSpecification } from '../support/fold-specification.ts';
import {
  finished,
  generator,
  granted,
  runFinished,
  runPaused,
  runResumed,
  runStarted,
  scheduled,
  started,
  strategy,
} from './run-events.ts';

const cost = { candidates: 2, executions: 3, tokens: 4, steps: 5 };
const untouched = { publicPass: false, hiddenPass: false, candidates: 0, executions: 0, tokens: 0, steps: 0 };
const planned = foldSpecification(runProjection).given(
  ['run-1', runStarted()],
  ['run-1', granted()],
  ['run-1', scheduled(0, 'double', 'episode-1.0')],
  ['run-1', scheduled(1, 'triple', 'episode-1.1')],
);
const statusOf = (history: typeof planned) => history.state().runs['run-1' as never]?.['status'];

describe('the run projection', () => {
  it('knows of a planned run what it will do', () => {
    planned.thenState({
      runs: {
        'run-1': {
          ...{ suite: digest('suite'), suiteName: 'suite', split: null, strategy, generator, seed: '7' },
          ...{ group: 'together', status: 'running' },
          episodes: [
            { episode: 'episode-1.0', task: 'double', status: 'scheduled', ...untouched },
            { episode: 'episode-1.1', task: 'triple', status: 'scheduled', ...untouched },
          ],
        },
      },
      places: { 'episode-1.0': { run: 'run-1', index: 0 }, 'episode-1.1': { run: 'run-1', index: 1 } },
    } as never);
  });

  it('follows each of its episodes by its own stream', () => {
    const state = planned
      .given(
        ['episode-1.1', started('run-1', 1, 'triple')],
        ['episode-1.0', started('run-1', 0, 'double')],
        ['episode-1.1', finished(true, false, cost)],
      )
      .state();
    expect(Object.values(state.runs)[0]?.episodes).toEqual([
      { episode: 'episode-1.0', task: 'double', status: 'running', ...untouched },
      {
        ...{
          episode: 'episode-1.1',
          task: 'triple',
          status: 'finished',
          publicPass: true,
          hiddenPass: false,
        },
        ...cost,
      },
    ]);
  });

  it('is paused, goes on and finishes', () => {
    expect(statusOf(planned)).toBe('running');
    const paused = planned.given(['run-1', runPaused]);
    expect(statusOf(paused)).toBe('paused');
    const resumed = paused.given(['run-1', runResumed]);
    expect(statusOf(resumed)).toBe('running');
    expect(statusOf(resumed.given(['run-1', exhausted('wallTime')]))).toBe('running');
    expect(statusOf(resumed.given(['run-1', runFinished]))).toBe('finished');
  });

  it('keeps runs apart, also where a later one is finished first', () => {
    const state = planned
      .given(
        ['run-2', runStarted({ suite: 'other' })],
        ['run-2', scheduled(0, 'double', 'episode-2.0')],
        ['episode-2.0', started('run-2', 0, 'double')],
        ['episode-2.0', finished(true, true, cost)],
        ['run-2', runFinished],
      )
      .state();
    expect(state.runs).toMatchObject({
      'run-1': { suiteName: 'suite', status: 'running', episodes: [{ status: 'scheduled' }, {}] },
      'run-2': { suiteName: 'other', status: 'finished', episodes: [{ status: 'finished', ...cost }] },
    });
  });

  it('passes over an episode that no run it knows has scheduled', () => {
    foldSpecification(runProjection)
      .given(['episode-9.0', started('run-9', 0, 'double')], ['episode-9.0', finished(true, true, cost)])
      .thenState({ runs: {}, places: {} });
  });
});

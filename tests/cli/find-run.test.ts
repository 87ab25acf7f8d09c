import { describe, expect, it } from 'vitest';
import { type RunsState, runProjection } from '../../projections/run.ts';
import { findRun, findWholeRun, shortId } from '../../src/cli/find-run.ts';
import type { StreamName } from '../../src/kernel/brand.ts';

const first = 'run-01M7Y00000AAAAAAAAAAAAA7XK' as StreamName;
const second = 'run-01M7Y00000AAAAAAAAAAAAB7XK' as StreamName;

function episode(
  run: StreamName,
  index: number,
  task: string,
): RunsState['runs'][StreamName]['episodes'][number] {
  const counts = { candidates: 0, executions: 0, tokens: 0, steps: 0 };
  const name = `${run.replace('run-', 'episode-')}.${index}` as StreamName;
  return { episode: name, task, status: 'scheduled', publicPass: false, hiddenPass: false, ...counts };
}

function run(name: StreamName, tasks: readonly string[]): RunsState['runs'][StreamName] {
  const ref = { name: 'x', version: 1 };
  return {
    ...{
      suite: 'd'.repeat(64) as never,
      suiteName: 's',
      split: null,
      seed: '1',
      group: 'g',
      status: 'running',
    },
    strategy: { ...ref, params: {} },
    generator: { ...ref, config: {} },
    episodes: tasks.map((task, index) => episode(name, index, task)),
  };
}

const state: RunsState = {
  runs: { [first]: run(first, ['a/1', 'a.2:x']), [second]: run(second, ['a/1']) },
  places: {},
};
const episodes = state.runs[first]?.episodes.map(({ episode: name }) => name) ?? [];

describe('a run is found', () => {
  it.each([
    ['latest', second],
    [first, first],
    [first.slice(4), first],
    ['A7XK', first],
    ['a7xk', first],
    ['run-B7XK', second],
  ])('%s', (text, expected) => {
    expect(findRun(state, text)).toEqual({ kind: 'run', run: expected });
    expect(findWholeRun(state, text)).toBe(expected);
  });

  it('and named by its end', () => {
    expect(shortId(first)).toBe('AAA7XK');
    expect(findRun(state, shortId(second))).toEqual({ kind: 'run', run: second });
  });
});

describe('an episode is found', () => {
  it.each([
    ['A7XK.0', episodes[0]],
    ['A7XK.1', episodes[1]],
    ['A7XK:a/1', episodes[0]],
    ['A7XK:a.2:x', episodes[1]],
    [`${episodes[1]}`, episodes[1]],
  ])('%s', (text, expected) => {
    expect(findRun(state, text)).toEqual({ kind: 'episode', run: first, episode: expected });
  });

  it('but not where a whole run is meant', () => {
    expect(() => findWholeRun(state, 'latest.0')).toThrow(
      '"latest.0" is an episode; this takes a whole run, such as AAB7XK.',
    );
  });
});

describe('nothing is found', () => {
  it.each([
    ['7XK', '"7XK" fits 2 runs; give more of its end.'],
    ['nope', 'No run is called "nope". `pawl runs` lists them.'],
    ['', 'No run is called "". `pawl runs` lists them.'],
    ['.0', 'No run is called "". `pawl runs` lists them.'],
    ['latest.1', 'The run AAB7XK has no episode number "1"; it has 0 to 0. `pawl show AAB7XK` lists them.'],
    ['latest.', 'The run AAB7XK has no episode number ""; it has 0 to 0. `pawl show AAB7XK` lists them.'],
    [
      'latest.0x0',
      'The run AAB7XK has no episode number "0x0"; it has 0 to 0. `pawl show AAB7XK` lists them.',
    ],
    ['latest:b', 'The run AAB7XK has no episode on the task "b". `pawl show AAB7XK` lists them.'],
  ])('%j', (text, message) => {
    expect(() => findRun(state, text)).toThrow(
      expect.objectContaining({ code: 'RUN_NOT_FOUND', message }) as Error,
    );
  });

  it('in an empty ledger, whatever the name', () => {
    for (const name of ['latest', 'latest.0', 'x'])
      expect(() => findRun(runProjection.initialState(), name)).toThrow(
        'The ledger has no runs yet. `pawl run` starts one.',
      );
  });
});

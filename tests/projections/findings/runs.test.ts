import { describe, expect, it } from 'vitest';
import { missingEnvironment } from '../../../projections/findings/missing-environment.ts';
import { nondeterministicExecutions } from '../../../projections/findings/nondeterministic-executions.ts';
import { unequalBudgets } from '../../../projections/findings/unequal-budgets.ts';
import { unequalSpending } from '../../../projections/findings/unequal-spending.ts';
import { unfinishedEpisodes } from '../../../projections/findings/unfinished-episodes.ts';
import type { PawlEvent } from '../../../src/events/catalogue.ts';
import type { EpisodeEvent } from '../../../src/events/episode.ts';
import { askedToExecute, digest, executed, generated, key } from '../../strategies/episode-events.ts';
import { finished, granted, runStarted } from '../run-events.ts';
import { found, type GivenRun, told } from './given-trail.ts';

const unlimited = { candidates: null, executions: null, tokens: null, stepsPerExecution: null };
const ended = (candidates: number, tokens = 0): EpisodeEvent[] => [
  finished(true, true, { candidates, executions: candidates, tokens, steps: 0 }),
];

describe('nondeterministic-executions', () => {
  const ran = (at: number, name: string, passed: number): EpisodeEvent[] => [
    askedToExecute(key(at), name),
    executed(key(at), name, passed, 2),
  ];
  const verdict = (at: number, outcome: 'passed' | 'failed'): EpisodeEvent => ({
    type: 'VerdictRecorded',
    data: { key: key(at), candidate: digest('a'), tests: 'public', outcome, passed: null, total: null },
  });

  it('holds executions of the same input against each other, over episodes and runs', () => {
    const runs: GivenRun[] = [
      { name: 'A', episodes: [[...ran(0, 'a', 1), ...ran(1, 'b', 2)], ran(0, 'a', 1)] },
      { name: 'B', episodes: [[...ran(0, 'a', 2), ...ran(1, 'b', 2), ...ran(2, 'c', 2)]] },
    ];
    expect(told(found(nondeterministicExecutions, runs))).toEqual(['1/2', 'task 0: A.0@2 B.0@2']);
    expect(told(found(nondeterministicExecutions, runs.slice(0, 1)))).toEqual(['0/1']);
  });

  it('holds verdicts of other tools against each other by what is known of their input', () => {
    const episodes = [
      [verdict(0, 'failed'), verdict(1, 'failed'), verdict(2, 'passed')],
      [verdict(0, 'failed'), askedToExecute(key(1), 'a')],
    ];
    expect(told(found(nondeterministicExecutions, [{ episodes }]))).toEqual(['1/1', 'task 0: A.0@1 A.0@3']);
  });
});

describe('missing-environment', () => {
  const fingerprint = {
    ...{ driver: 'wasm', language: 'python', package: 'pyodide', version: '1' },
    moduleDigest: digest('module'),
    container: null,
  };

  it('is found where neither the start nor a session says what executed', () => {
    const start = runStarted() as Extract<PawlEvent, { type: 'RunStarted' }>;
    const named: PawlEvent = { ...start, data: { ...start.data, sandbox: [fingerprint] } };
    const captured: PawlEvent = {
      type: 'EnvironmentCaptured',
      data: { pawl: '1', node: '24', v8: '13', platform: 'linux', arch: 'x64', sandbox: [fingerprint] },
    };
    expect(told(found(missingEnvironment, [{}]))).toEqual(['1/1', 'suite: run-A@0']);
    expect(told(found(missingEnvironment, [{ start: named }]))).toEqual(['0/1']);
    expect(told(found(missingEnvironment, [{ more: [captured] }]))).toEqual(['0/1']);
  });
});

describe('unfinished-episodes', () => {
  it('counts scheduled episodes that have no grade, begun or not', () => {
    const nothing: EpisodeEvent = {
      type: 'EpisodeFinished',
      data: {
        ...{ status: 'nothing_to_grade', publicPass: false, hiddenPass: false },
        ...{ candidates: 0, executions: 0, tokens: 0, steps: 0 },
      },
    };
    const episodes = [ended(1), [generated(key(0), 'a')], [], [nothing]];
    expect(told(found(unfinishedEpisodes, [{ episodes }]))).toEqual([
      '3/4',
      'task 1: run-A@3',
      'task 2: run-A@4',
      'task 3: run-A@5 A.3@1',
    ]);
  });
});

describe('unequal-budgets', () => {
  const arm = (name: string, more: Partial<GivenRun> = {}): GivenRun => ({
    name,
    episodes: [[], []],
    ...more,
  });

  it('finds nothing among runs that were given the same', () => {
    expect(told(found(unequalBudgets, [arm('A'), arm('B'), arm('C')]))).toEqual(['0/2']);
    expect(told(found(unequalBudgets, [arm('A')]))).toEqual(['0/0']);
  });

  it('finds another budget, time or set of tasks', () => {
    const runs = [
      arm('A'),
      arm('B', { grant: granted({ ...unlimited, candidates: 3 }) }),
      arm('C', { grant: granted(unlimited, 1000) }),
      arm('D', { episodes: [[]] }),
      arm('E'),
      arm('F', { start: runStarted({ suite: 'another' }) }),
    ];
    expect(told(found(unequalBudgets, runs))).toEqual([
      '4/5',
      ...['B', 'C', 'D', 'F'].map(
        (name) => `best-of-n with scripted against best-of-n with scripted: run-A@1 run-${name}@1`,
      ),
    ]);
  });
});

describe('unequal-spending', () => {
  it('compares what was spent on the tasks that all arms have finished', () => {
    const runs = [
      { name: 'A', episodes: [ended(4, 100), ended(4, 100), ended(99)] },
      { name: 'B', episodes: [ended(5, 100), ended(5, 300), []] },
    ];
    const result = found(unequalSpending, runs);
    expect(told(result)).toEqual(['1/3', 'tokens for each task: 100.0, 200.0: A.0@1 B.0@1 A.1@1 B.1@1']);
    expect(result.figures).toEqual({
      ...{ tasks: 2, 'candidates 1': 4, 'candidates 2': 5, 'executions 1': 4, 'executions 2': 5 },
      ...{ 'tokens 1': 100, 'tokens 2': 200 },
    });
    expect(told(found(unequalSpending, runs.slice(0, 1)))).toEqual(['0/0']);
  });
});

import { describe, expect, it } from 'vitest';
import { answerMisreported } from '../../../projections/findings/answer-misreported.ts';
import { bestOverRun } from '../../../projections/findings/best-over-run.ts';
import { hiddenBeforePick } from '../../../projections/findings/hidden-before-pick.ts';
import { nothingTested } from '../../../projections/findings/nothing-tested.ts';
import { overAccepted } from '../../../projections/findings/over-accepted.ts';
import { underAccepted } from '../../../projections/findings/under-accepted.ts';
import { worseThanBest } from '../../../projections/findings/worse-than-best.ts';
import type { EpisodeEvent } from '../../../src/events/episode.ts';
import {
  askedToExecute,
  askedToGenerate,
  digest,
  executed,
  told as feedback,
  generated,
  key,
  picked,
  scored,
  tried,
} from '../../strategies/episode-events.ts';
import { finished, graded } from '../run-events.ts';
import { found, told } from './given-trail.ts';

const cost = { candidates: 1, executions: 1, tokens: 0, steps: 0 };

/** Revisions 1 to 5: asked, generated, executed in public (3 events). */
const attempt = (name: string, ordinal: number, passed: number, total = 2): EpisodeEvent[] => [
  askedToGenerate(key(ordinal)),
  generated(key(ordinal), name),
  ...tried(key(ordinal + 1), name, passed, total),
];

/** Picked, executed against hidden tests, graded, finished. */
const answer = (name: string, publicPass: boolean, hidden: boolean): EpisodeEvent[] => [
  picked(name, publicPass, publicPass ? 'public_pass' : 'best_score'),
  askedToExecute(key(9), name, 'hidden'),
  executed(key(9), name, hidden ? 3 : 1, 3, 'hidden'),
  graded(name, hidden ? 3 : 1, 3),
  finished(publicPass, hidden, cost),
];

const verdict = (
  name: string,
  ordinal: number,
  tests: 'public' | 'hidden',
  outcome: 'passed' | 'failed',
  counts: readonly [number | null, number | null] = [null, null],
): EpisodeEvent => ({
  type: 'VerdictRecorded',
  data: { key: key(ordinal), candidate: digest(name), tests, outcome, passed: counts[0], total: counts[1] },
});

describe('over-accepted', () => {
  it('counts graded answers that pass public and fail hidden tests, of those that pass public tests', () => {
    const episodes = [
      [...attempt('a', 0, 2), ...answer('a', true, true)],
      [...attempt('a', 0, 2), ...answer('a', true, false)],
      [...attempt('a', 0, 1), ...answer('a', false, false)],
      [...attempt('a', 0, 2), picked('a', true, 'public_pass')],
      [],
    ];
    expect(told(found(overAccepted, [{ episodes }]))).toEqual(['1/2', 'task 1: A.1@6 A.1@9']);
    expect(found(overAccepted, [{ episodes }]).message).toBe(
      '1 of 2 (50.0 %) answers that pass the public tests fail the hidden ones',
    );
  });
});

describe('under-accepted', () => {
  it('counts graded answers that fail a public test and pass the hidden ones', () => {
    const episodes = [
      [...attempt('a', 0, 1), ...answer('a', false, true)],
      [...attempt('a', 0, 1), ...answer('a', false, false)],
      [...attempt('a', 0, 2), ...answer('a', true, true)],
    ];
    expect(told(found(underAccepted, [{ episodes }]))).toEqual(['1/2', 'task 0: A.0@6 A.0@9']);
  });
});

describe('hidden-before-pick', () => {
  it('finds nothing where hidden tests only grade', () => {
    const episodes = [[...attempt('a', 0, 2), ...answer('a', true, false)], attempt('a', 0, 1)];
    expect(told(found(hiddenBeforePick, [{ episodes }]))).toEqual(['0/2']);
  });

  it('finds an execution against hidden tests before the pick, whether it ended or not', () => {
    const early = [askedToExecute(key(2), 'a', 'hidden'), executed(key(2), 'a', 3, 3, 'hidden')];
    const episodes = [
      [...attempt('a', 0, 2), ...early, ...answer('a', true, true)],
      [...attempt('a', 0, 2), askedToExecute(key(2), 'a', 'hidden')],
    ];
    expect(told(found(hiddenBeforePick, [{ episodes }]))).toEqual([
      '2/2',
      'task 0: A.0@6 A.0@8',
      'task 1: A.1@6',
    ]);
  });

  it('finds feedback and a score that cite one, even behind the pick, and a program written after one', () => {
    const graded = [...attempt('a', 0, 1), ...answer('a', false, false)];
    const episodes = [
      [...graded, feedback(key(9), 'a', 'it fails hidden test 2')],
      [...graded, scored(key(9), 'a', 0.3)],
      [...graded, generated(key(4), 'b')],
    ];
    expect(told(found(hiddenBeforePick, [{ episodes }]))).toEqual([
      '3/3',
      'task 0: A.0@6 A.0@11',
      'task 1: A.1@6 A.1@11',
      'task 2: A.2@6 A.2@11',
    ]);
  });

  it('finds a verdict of another tool that stands before the pick', () => {
    const episodes = [[verdict('a', 0, 'hidden', 'passed'), picked('a', true, 'public_pass')]];
    expect(told(found(hiddenBeforePick, [{ episodes }]))).toEqual(['1/1', 'task 0: A.0@1 A.0@2']);
  });
});

describe('answer-misreported', () => {
  it('finds nothing where the executions say what is said of the answer', () => {
    const episodes = [
      [...attempt('a', 0, 2), ...answer('a', true, false)],
      [...attempt('a', 0, 1), ...answer('a', false, true)],
      [picked(null, false, 'no_candidate')],
      attempt('a', 0, 1),
    ];
    expect(told(found(answerMisreported, [{ episodes }]))).toEqual(['0/3']);
  });

  it('finds a public pass that was never seen, and a failure that was a pass', () => {
    const episodes = [
      [...attempt('a', 0, 1), ...answer('a', true, true)],
      [...attempt('a', 0, 2), ...answer('a', false, false)],
      [generated(key(0), 'a'), ...answer('a', true, true)],
    ];
    expect(told(found(answerMisreported, [{ episodes }]))).toEqual([
      '3/3',
      'task 0: A.0@4 A.0@6',
      'task 1: A.1@4 A.1@6',
      'task 2: A.2@2',
    ]);
  });

  it('finds a grade that its execution does not bear out, and an end that says other than the grade', () => {
    const [pick, ask, ran, , end] = answer('a', true, false) as [
      EpisodeEvent,
      EpisodeEvent,
      EpisodeEvent,
      never,
      EpisodeEvent,
    ];
    const forged = [pick, ask, ran, graded('a', 3, 3), finished(true, true, cost)];
    const without = [pick, graded('a', 3, 3), finished(true, true, cost)];
    const promised = [...answer('a', true, false).slice(0, -1), finished(true, true, cost)];
    const cited = [pick, graded('a', 0, 3), end];
    const episodes = [forged, without, promised, cited].map((events) => [...attempt('a', 0, 2), ...events]);
    expect(told(found(answerMisreported, [{ episodes }]))).toEqual([
      '4/4',
      'task 0: A.0@8 A.0@9',
      'task 1: A.1@7',
      'task 2: A.2@10',
      'task 3: A.3@7',
    ]);
  });
});

describe('nothing-tested', () => {
  it('counts public passes of no test', () => {
    const episodes = [
      [verdict('a', 0, 'public', 'passed', [0, 0]), ...answer('a', true, true)],
      [verdict('a', 0, 'public', 'passed', [2, 2]), ...answer('a', true, true)],
      [verdict('a', 0, 'public', 'passed'), ...answer('a', true, true)],
      [verdict('a', 0, 'public', 'failed', [0, 0]), ...answer('a', false, true)],
    ];
    expect(told(found(nothingTested, [{ episodes }]))).toEqual(['1/3', 'task 0: A.0@1 A.0@2']);
  });
});

describe('worse-than-best', () => {
  it('finds an earlier candidate that passed more public tests, or all', () => {
    const episodes = [
      [...attempt('a', 0, 1, 4), ...attempt('b', 2, 0, 4), ...answer('b', false, false)],
      [...attempt('a', 0, 4, 4), ...attempt('b', 2, 3, 4), ...answer('b', false, true)],
      [...attempt('a', 0, 1, 4), ...attempt('b', 2, 1, 4), ...answer('b', false, false)],
      [...attempt('a', 0, 1, 4), ...attempt('b', 2, 4, 4), ...answer('b', true, false)],
    ];
    expect(told(found(worseThanBest, [{ episodes }]))).toEqual([
      '2/4',
      'task 0: A.0@4 A.0@11',
      'task 1: A.1@4 A.1@11',
    ]);
  });

  it('says nothing where nobody recorded how many passed, and nothing of what came later', () => {
    const episodes = [
      [
        verdict('a', 0, 'public', 'failed'),
        verdict('b', 1, 'public', 'failed'),
        ...answer('b', false, false),
      ],
      [
        verdict('a', 0, 'public', 'failed', [0, 2]),
        picked('a', false, 'budget'),
        verdict('b', 1, 'public', 'passed'),
      ],
      [picked(null, false, 'no_candidate')],
    ];
    expect(told(found(worseThanBest, [{ episodes }]))).toEqual(['0/2']);
  });
});

describe('best-over-run', () => {
  it('counts answers that are not the last candidate', () => {
    const two = [...attempt('a', 0, 1), ...attempt('b', 2, 1)];
    const episodes = [[...two, ...answer('a', false, false)], [...two, ...answer('b', false, false)], two];
    expect(told(found(bestOverRun, [{ episodes }]))).toEqual(['1/2', 'task 0: A.0@7 A.0@11']);
  });
});

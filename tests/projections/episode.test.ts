import { describe, expect, it } from 'vitest';
import { episodeProjection } from '../../projections/episode.ts';
import {
  adopted,
  askedToExecute,
  askedToGenerate,
  digest,
  executed,
  executionFailed,
  exhausted,
  generated,
  generationFailed,
  key,
  picked,
  rejected,
  scored,
  told,
} from '../strategies/episode-events.ts';
import { foldSpecification } from '../support/fold-specification.ts';
import { finished, generator, graded, runFinished, runStarted, started, strategy } from './run-events.ts';

const episodes = foldSpecification(episodeProjection);
const begun = {
  ...{ run: 'run-1', index: 0, task: 'double', strategy, generator, seed: '7/double', candidates: [] },
  ...{ rejected: 0, failures: [], exhausted: null, picked: null, graded: null, finished: null },
};
const cost = { candidates: 1, executions: 2, tokens: 12, steps: 80 };

describe('the episode projection', () => {
  it('knows nothing at first, and of an episode that began only what was planned', () => {
    episodes.thenState({ episodes: {} });
    episodes
      .given(['run-1', runStarted()], ['episode-1.0', started('run-1', 0, 'double')])
      .thenState({ episodes: { 'episode-1.0': begun } } as never);
  });

  it('tells an episode whole: what was tried, what came of it, what was said, answered and graded', () => {
    const history = [
      started('run-1', 0, 'double'),
      adopted('given'),
      ...[askedToExecute(key(0), 'given'), executed(key(0), 'given', 1, 4), scored(key(0), 'given', 0.25)],
      told(key(0), 'given', 'wrong'),
      ...[askedToGenerate(key(1)), generated(key(1), 'a', { parent: 'given', tokens: 6 })],
      ...[askedToExecute(key(2), 'a'), executed(key(2), 'a', 4, 4), scored(key(2), 'a', 1)],
      picked('a', true, 'public_pass'),
      ...[askedToExecute(key(3), 'a', 'hidden'), executed(key(3), 'a', 5, 6, 'hidden'), graded('a', 5, 6)],
      finished(true, false, cost),
    ] as const;
    episodes.given(...history.map((event) => ['episode-1.0', event] as const)).thenState({
      episodes: {
        'episode-1.0': {
          ...begun,
          candidates: [
            {
              ...{ candidate: digest('given'), parent: null, origin: 'given', key: null, score: 0.25 },
              ...{ note: 'the program the task hands out', program: { digest: digest('given'), bytes: 5 } },
              executions: [
                {
                  ...{ key: '0.0.0', tests: 'public', outcome: 'failed', passed: 1, total: 4, steps: 40 },
                  result: digest('given public result'),
                },
              ],
              feedback: { level: 'full', text: digest('wrong') },
            },
            {
              ...{ candidate: digest('a'), parent: digest('given'), origin: 'generated', key: '1.0.0' },
              ...{ note: 'wrote a', program: { digest: digest('a'), bytes: 1 }, score: 1, feedback: null },
              executions: [
                {
                  ...{ key: '2.0.0', tests: 'public', outcome: 'passed', passed: 4, total: 4, steps: 40 },
                  result: digest('a public result'),
                },
                {
                  ...{ key: '3.0.0', tests: 'hidden', outcome: 'failed', passed: 5, total: 6, steps: 60 },
                  result: digest('a hidden result'),
                },
              ],
            },
          ],
          picked: { candidate: digest('a'), publicPass: true, reason: 'public_pass' },
          graded: { outcome: 'failed', passed: 5, total: 6, hiddenPass: false },
          finished: { status: 'graded', publicPass: true, hiddenPass: false, ...cost },
        },
      },
    } as never);
  });

  it('keeps what failed apart from what was tried', () => {
    const { episodes: folded } = episodes
      .given(
        ['episode-1.0', started('run-1', 0, 'double')],
        ['episode-1.0', askedToGenerate(key(0))],
        ['episode-1.0', generationFailed(key(0), false)],
        ['episode-1.0', generated(key(0, 0, 1), 'a')],
        ['episode-1.0', rejected(key(1), 'a')],
        ['episode-1.0', rejected(key(2), 'a')],
        ['episode-1.0', executionFailed(key(3), 'a', true)],
        ['episode-1.0', generationFailed(key(4), true)],
        ['episode-1.0', exhausted('tokens', 5, 12)],
      )
      .state();
    expect(Object.values(folded)).toMatchObject([
      {
        candidates: [{ candidate: digest('a'), key: '0.0.1', executions: [], score: null }],
        rejected: 2,
        failures: [
          { key: '0.0.0', what: 'generation', code: 'GENERATOR_FAILED', final: false },
          { key: '3.0.0', what: 'execution', code: 'SANDBOX_FAILED', final: true },
          { key: '4.0.0', what: 'generation', code: 'GENERATOR_EXHAUSTED', final: true },
        ],
        exhausted: 'tokens',
      },
    ]);
  });

  it('keeps episodes apart, however their events lie between each other', () => {
    const { episodes: folded } = episodes
      .given(
        ['episode-1.0', started('run-1', 0, 'double')],
        ['episode-1.1', started('run-1', 1, 'triple')],
        ['episode-1.0', adopted('given')],
        ['episode-1.1', adopted('given')],
        ['episode-1.1', scored(key(0), 'given', 0.5)],
        ['episode-1.0', rejected(key(1), 'given')],
        ['run-1', runFinished],
      )
      .state();
    expect(folded).toMatchObject({
      'episode-1.0': { task: 'double', rejected: 1, candidates: [{ score: null }] },
      'episode-1.1': { task: 'triple', rejected: 0, candidates: [{ score: 0.5 }] },
    });
    expect(Object.keys(folded)).toEqual(['episode-1.0', 'episode-1.1']);
  });

  it('passes over a stream whose beginning it was not given', () => {
    episodes.given(['episode-1.0', adopted('given')]).thenState({ episodes: {} });
  });
});

import { describe, expect, it } from 'vitest';
import { solvedByIterationProjection, solvedCurve } from '../../projections/solved-by-iteration.ts';
import type { EpisodeEvent } from '../../src/events/episode.ts';
import { adopted, generated, key, picked, rejected } from '../strategies/episode-events.ts';
import { foldSpecification } from '../support/fold-specification.ts';
import type { Happening } from '../support/record-history.ts';
import { finished, runStarted, started } from './run-events.ts';

const cost = { candidates: 1, executions: 1, tokens: 0, steps: 0 };

function folded(...episodes: readonly (readonly EpisodeEvent[])[]) {
  const all = episodes.flatMap((events, index): readonly Happening[] => [
    [`episode-A.${index}`, started('run-A', index, `task ${index}`)],
    ...events.map((event): Happening => [`episode-A.${index}`, event]),
  ]);
  return foldSpecification(solvedByIterationProjection).given(['run-A', runStarted()], ...all);
}

describe('solved by iteration', () => {
  it('counts a public pass where the answer first came up, whatever was tried after it', () => {
    folded(
      [adopted('a'), picked('a', true, 'public_pass'), finished(true, true, cost)],
      [
        ...[adopted('a'), generated(key(0), 'b'), rejected(key(1), 'a'), generated(key(2), 'c')],
        ...[picked('b', true, 'public_pass'), finished(true, false, cost)],
      ],
    ).thenState({
      runs: { 'run-A': { episodes: 2, last: 3, public: [1, 1], hidden: [1] } },
      episodes: {},
    } as never);
  });

  it('counts any other answer where the search ended', () => {
    folded(
      [
        ...[generated(key(0), 'a'), rejected(key(1), 'a'), generated(key(2), 'b')],
        ...[picked('a', false, 'best_score'), finished(false, true, cost)],
      ],
      [picked(null, false, 'no_candidate'), finished(false, false, cost)],
      [generated(key(0), 'a'), picked('a', true, 'public_pass')],
    ).thenState({
      runs: { 'run-A': { episodes: 2, last: 2, public: [], hidden: [0, 0, 1] } },
      episodes: {
        'episode-A.2': {
          ...{ run: 'run-A', proposals: 1, answeredAt: 0 },
          first: { ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb: 0 },
        },
      },
    } as never);
  });

  it('is a curve of sums', () => {
    expect(solvedCurve({ episodes: 9, last: 3, public: [3, 0, 2], hidden: [2, 1] })).toEqual([
      { iteration: 0, publicPass: 3, hiddenPass: 2 },
      { iteration: 1, publicPass: 3, hiddenPass: 3 },
      { iteration: 2, publicPass: 5, hiddenPass: 3 },
      { iteration: 3, publicPass: 5, hiddenPass: 3 },
    ]);
    expect(solvedCurve({ episodes: 0, last: 0, public: [], hidden: [] })).toEqual([
      { iteration: 0, publicPass: 0, hiddenPass: 0 },
    ]);
  });
});

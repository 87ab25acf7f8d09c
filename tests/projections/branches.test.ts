import { describe, expect, it } from 'vitest';
import { episodeProjection } from '../../projections/episode.ts';
import { leaderboardProjection } from '../../projections/leaderboard.ts';
import { runProjection } from '../../projections/run.ts';
import { runOutcomeDigest } from '../../projections/run-outcome.ts';
import type { PawlEvent } from '../../src/events/catalogue.ts';
import type { EpisodeEvent } from '../../src/events/episode.ts';
import { foldSpecification } from '../support/fold-specification.ts';
import { finished, runFinished, runStarted, scheduled, started, stream } from './run-events.ts';

const cost = { candidates: 2, executions: 3, tokens: 40, steps: 500 };
const parent = { stream: stream('episode-1.0'), revision: 4 };

function branchStarted(): PawlEvent {
  const event = runStarted();
  return { ...event, data: { ...event.data, forkedFrom: parent } } as PawlEvent;
}

function branchEpisode(): EpisodeEvent {
  const event = started('run-2', 0, 'a');
  return {
    ...event,
    data: { ...event.data, forkedFrom: { episode: parent.stream, revision: 4 } },
  } as EpisodeEvent;
}

const history = [
  ['run-1', runStarted()],
  ['run-1', scheduled(0, 'a', 'episode-1.0')],
  ['episode-1.0', started('run-1', 0, 'a')],
  ['episode-1.0', finished(true, false, cost)],
  ['run-1', runFinished],
  ['run-2', branchStarted()],
  ['run-2', scheduled(0, 'a', 'episode-2.0')],
  ['episode-2.0', branchEpisode()],
  ['episode-2.0', finished(true, false, cost)],
  ['run-2', runFinished],
] as const;

describe('branches', () => {
  it('are runs and episodes like others, and name what they branch off', () => {
    const { runs } = foldSpecification(runProjection)
      .given(...history)
      .state();
    expect(runs[stream('run-2')]).toEqual({
      ...runs[stream('run-1')],
      forkedFrom: parent,
      episodes: [{ ...runs[stream('run-1')]?.episodes[0], episode: 'episode-2.0' }],
    });
    expect(runs[stream('run-1')]).not.toHaveProperty('forkedFrom');
    const { episodes } = foldSpecification(episodeProjection)
      .given(...history)
      .state();
    expect(episodes[stream('episode-2.0')]?.forkedFrom).toEqual({ episode: 'episode-1.0', revision: 4 });
    expect(episodes[stream('episode-1.0')]).not.toHaveProperty('forkedFrom');
  });

  it('come to the same outcome where they come to the same', () => {
    const runs = foldSpecification(runProjection)
      .given(...history)
      .state();
    const episodes = foldSpecification(episodeProjection)
      .given(...history)
      .state();
    const [ours, theirs] = [stream('run-2'), stream('run-1')].map((run) =>
      runOutcomeDigest(runs, episodes, run),
    );
    expect(ours).toBe(theirs);
  });

  it('are not on the leaderboard', () => {
    const specification = foldSpecification(leaderboardProjection);
    const all = specification.given(...history).state();
    expect(all).toEqual(specification.given(...history.slice(0, 5)).state());
    expect(Object.values(all.rows)).toMatchObject([{ runs: 1, episodes: 1, overAccepted: 1 }]);
  });
});

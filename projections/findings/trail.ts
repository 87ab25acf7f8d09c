import type { EpisodeEvent } from '../../src/events/episode.ts';
import type { GeneratorRef, Imported, StrategyRef } from '../../src/events/run.ts';
import type { Budget } from '../../src/events/shapes.ts';
import type { Digest, StreamName } from '../../src/kernel/brand.ts';
import type { Projection } from '../projection.ts';
import { type EpisodeTrail, evolveEpisodeTrail, startedTrail } from './episode-trail.ts';

/** A run as an auditor looks at it: what it promised, and where each promise stands. */
export interface RunTrail {
  suite: Digest;
  suiteName: string;
  strategy: StrategyRef;
  generator: GeneratorRef;
  group: string;
  /** Interpreters that the run's start names, and sessions that wrote down what they ran on. */
  fingerprints: number;
  environments: number;
  /** The file that another tool's run was taken from. */
  imported: Imported | null;
  granted: { revision: number; episode: Budget; runWallMs: number | null } | null;
  scheduled: { revision: number; episode: StreamName; task: string }[];
}

export interface TrailState {
  runs: Record<StreamName, RunTrail>;
  episodes: Record<StreamName, EpisodeTrail>;
}

/** What findings are made of: every claim of a run and its episodes, each with the revision of the event that makes it. */
export const trailProjection: Projection<TrailState> = {
  name: 'trail',
  version: 1,
  initialState: () => ({ runs: {}, episodes: {} }),
  evolve(state, event) {
    switch (event.type) {
      case 'RunStarted': {
        const { suite, suiteName, strategy, generator, group, sandbox, imported } = event.data;
        state.runs[event.stream] = {
          ...{ suite, suiteName, strategy, generator, group },
          ...{ fingerprints: sandbox.length, environments: 0, imported },
          ...{ granted: null, scheduled: [] },
        };
        return state;
      }
      case 'BudgetGranted': {
        const run = state.runs[event.stream];
        if (run !== undefined) run.granted = { revision: event.revision, ...event.data };
        return state;
      }
      case 'EpisodeScheduled': {
        const { episode, task } = event.data;
        state.runs[event.stream]?.scheduled.push({ revision: event.revision, episode, task });
        return state;
      }
      case 'EnvironmentCaptured': {
        const run = state.runs[event.stream];
        if (run !== undefined) run.environments += 1;
        return state;
      }
      case 'EpisodeStarted':
        state.episodes[event.stream] = startedTrail(event.data);
        return state;
      default: {
        const episode = state.episodes[event.stream];
        if (episode !== undefined) evolveEpisodeTrail(episode, event.revision, event as EpisodeEvent);
        return state;
      }
    }
  },
};

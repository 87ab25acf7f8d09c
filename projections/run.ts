import type { GeneratorRef, StrategyRef } from '../src/events/run.ts';
import type { BlobRef } from '../src/events/shapes.ts';
import type { Digest, StreamName } from '../src/kernel/brand.ts';
import type { Projection } from './projection.ts';

export interface RunEpisode {
  episode: StreamName;
  task: string;
  status: 'scheduled' | 'running' | 'finished';
  publicPass: boolean;
  hiddenPass: boolean;
  candidates: number;
  executions: number;
  tokens: number;
  steps: number;
}

export interface RunSummary {
  suite: Digest;
  suiteName: string;
  split: string | null;
  strategy: StrategyRef;
  generator: GeneratorRef;
  /** The template that its prompts were rendered from, where it is not the rendering that is built in. */
  prompt?: BlobRef;
  seed: string;
  group: string;
  /** Of a branch alone: what it branches off, and the last revision that was taken over. */
  forkedFrom?: { stream: StreamName; revision: number };
  /** `running` also when its process was killed: the ledger cannot tell the two apart. */
  status: 'running' | 'paused' | 'finished';
  episodes: RunEpisode[];
}

export interface RunsState {
  runs: Record<StreamName, RunSummary>;
  /** Run and index of every episode, for finding an episode's entry from its stream. */
  places: Record<StreamName, { run: StreamName; index: number }>;
}

/** Every run with the standing of each of its episodes. */
export const runProjection: Projection<RunsState> = {
  name: 'run',
  version: 1,
  initialState: () => ({ runs: {}, places: {} }),
  evolve(state, event) {
    switch (event.type) {
      case 'RunStarted': {
        const { suite, suiteName, split, strategy, generator, seed, group } = event.data;
        const head = { suite, suiteName, split, strategy, generator, seed, group };
        const { forkedFrom, prompt } = event.data;
        const branch = forkedFrom === null ? {} : { forkedFrom };
        const template = prompt === null ? {} : { prompt };
        state.runs[event.stream] = { ...head, ...template, ...branch, status: 'running', episodes: [] };
        return state;
      }
      case 'EpisodeScheduled': {
        const { index, task, episode } = event.data;
        state.runs[event.stream]?.episodes.push(scheduled(episode, task));
        state.places[episode] = { run: event.stream, index };
        return state;
      }
      case 'RunPaused':
        return withStatus(state, event.stream, 'paused');
      case 'RunResumed':
        return withStatus(state, event.stream, 'running');
      case 'RunFinished':
        return withStatus(state, event.stream, 'finished');
      case 'EpisodeStarted': {
        const entry = entryOf(state, event.stream);
        if (entry !== undefined) entry.status = 'running';
        return state;
      }
      case 'EpisodeFinished': {
        const entry = entryOf(state, event.stream);
        const { publicPass, hiddenPass, candidates, executions, tokens, steps } = event.data;
        const ended = { status: 'finished', publicPass, hiddenPass, candidates, executions, tokens, steps };
        if (entry !== undefined) Object.assign(entry, ended);
        return state;
      }
      default:
        return state;
    }
  },
};

function scheduled(episode: StreamName, task: string): RunEpisode {
  return {
    episode,
    task,
    status: 'scheduled',
    publicPass: false,
    hiddenPass: false,
    candidates: 0,
    executions: 0,
    tokens: 0,
    steps: 0,
  };
}

function withStatus(state: RunsState, run: StreamName, status: RunSummary['status']): RunsState {
  const summary = state.runs[run];
  if (summary !== undefined) summary.status = status;
  return state;
}

function entryOf(state: RunsState, episode: StreamName): RunEpisode | undefined {
  const place = state.places[episode];
  return place === undefined ? undefined : state.runs[place.run]?.episodes[place.index];
}

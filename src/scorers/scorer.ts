import type { EpisodeEvent } from '../events/episode.ts';

export type FinishedExecution = Extract<EpisodeEvent, { type: 'ExecutionFinished' }>['data'];

/** A candidate's worth by one execution. */
export interface Score {
  /** Higher is better; what selection compares. */
  readonly value: number;
  /** What the value is made of, by name. */
  readonly components: Readonly<Record<string, number>>;
}

/** Gives a candidate a value from one of its executions; pure, so that replay recomputes it. */
export interface Scorer {
  readonly name: string;
  readonly version: number;
  score(execution: FinishedExecution): Score;
}

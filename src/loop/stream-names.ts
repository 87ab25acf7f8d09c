import type { Digest, StreamName } from '../kernel/brand.ts';

/** Streams are named after what they are about; an episode's name follows from its run, so it cannot be started twice. */
export const runStream = (id: string): StreamName => `run-${id}` as StreamName;

export const episodeStream = (run: StreamName, index: number): StreamName =>
  `episode-${run.slice('run-'.length)}.${index}` as StreamName;

export const suiteStream = (suite: Digest): StreamName => `suite-${suite}` as StreamName;

export const improvementStream = (name: string): StreamName => `improvement-${name}` as StreamName;

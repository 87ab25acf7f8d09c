import type { Digest, StreamName } from '../src/kernel/brand.ts';
import { digestOf } from '../src/kernel/digest.ts';
import type { EpisodesState } from './episode.ts';
import type { RunsState } from './run.ts';

/**
 * Identifies what a run came to, without the names and times that differ between two runs of the same thing: every episode
 * in order with its candidates, executions, scores, feedback, answer and grade. A run that was killed and resumed has the
 * same outcome digest as one that was not.
 */
export function runOutcomeDigest(runs: RunsState, episodes: EpisodesState, run: StreamName): Digest {
  const summary = runs.runs[run];
  if (summary === undefined) return digestOf(null);
  const { suite, split, strategy, generator, seed, status } = summary;
  const told = summary.episodes.map(({ episode, task }) => {
    const known = episodes.episodes[episode];
    if (known === undefined) return { task };
    const { run: _run, ...rest } = known;
    return rest;
  });
  return digestOf({ suite, split, strategy, generator, seed, status, episodes: told });
}

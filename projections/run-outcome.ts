import type { Digest, StreamName } from '../src/kernel/brand.ts';
import { digestOf } from '../src/kernel/digest.ts';
import type { EpisodeSummary, EpisodesState } from './episode.ts';
import type { RunsState } from './run.ts';

/**
 * Identifies what a run came to, without what differs between two runs of the same thing (names, times, and how often the
 * infrastructure had to be asked): every episode in order with its candidates, executions, scores, feedback, answer and
 * grade. A run that was killed and resumed, or whose sandbox failed and was asked again, has the same outcome digest as
 * one that went straight through, as long as its strategy has one effect under way at a time; with several, the order in
 * which they ended is part of the outcome.
 */
export function runOutcomeDigest(runs: RunsState, episodes: EpisodesState, run: StreamName): Digest {
  const summary = runs.runs[run];
  if (summary === undefined) return digestOf(null);
  const { suite, split, strategy, generator, prompt, seed, status } = summary;
  const template = prompt === undefined ? {} : { prompt: prompt.digest };
  const told = summary.episodes.map(({ episode, task }) => {
    const known = episodes.episodes[episode];
    return known === undefined ? { task } : outcomeOf(known);
  });
  return digestOf({ suite, split, strategy, generator, ...template, seed, status, episodes: told });
}

function outcomeOf({
  run: _run,
  forkedFrom: _forkedFrom,
  candidates,
  failures,
  ...rest
}: EpisodeSummary): object {
  return {
    ...rest,
    candidates: candidates.map((candidate) => ({
      ...candidate,
      key: candidate.key === null ? null : withoutAttempt(candidate.key),
      executions: candidate.executions.map((execution) => ({
        ...execution,
        key: withoutAttempt(execution.key),
      })),
    })),
    // What was mended by trying again is not part of what the run came to; what could not be mended is.
    failures: failures
      .filter(({ final }) => final)
      .map(({ key, ...failure }) => ({ ...failure, key: withoutAttempt(key) })),
  };
}

/** The text of a key is `ordinal.occurrence.attempt`. */
function withoutAttempt(key: string): string {
  return key.slice(0, key.lastIndexOf('.'));
}

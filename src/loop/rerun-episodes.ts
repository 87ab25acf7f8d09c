import type { StreamName } from '../kernel/brand.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type EpisodeRerun, rerunEpisode, type TimeWindow } from './rerun-episode.ts';
import { type RerunExecutor, RerunPaused, type RerunSignals } from './rerun-executor.ts';
import { readRunState } from './run-state.ts';

/** Episodes of one run. */
export interface RerunScope {
  readonly run: StreamName;
  readonly episodes: readonly StreamName[];
}

export interface RerunServices {
  readonly executor: RerunExecutor;
  readonly window: TimeWindow;
  readonly signals: RerunSignals;
  /** Episodes that are read ahead of the one whose result is due, so that a slow program does not keep the others waiting. */
  readonly ahead: number;
}

export type RunRerun = EpisodeRerun & { readonly run: StreamName };

/**
 * Executes whole runs again, many episodes at a time; results come in the order asked for, whatever was done first. After a
 * pause it ends with what is whole by then.
 *
 * @throws PawlError `RUN_NOT_FOUND`, and those of `rerunEpisode`; the abort signal's reason
 */
export async function* rerunEpisodes(
  ledger: Ledger,
  scopes: readonly RerunScope[],
  services: RerunServices,
): AsyncGenerator<RunRerun> {
  const { executor, window, signals, ahead } = services;
  const underWay: Promise<RunRerun | null>[] = [];
  for (const { run, episodes } of scopes) {
    const { started } = await readRunState(ledger, run);
    const context = { recorded: started.sandbox, executor, window };
    for (const episode of episodes) {
      signals.abort.throwIfAborted();
      if (signals.pause.aborted) break;
      const rerun = wholeOrNothing(run, rerunEpisode(ledger, episode, context));
      // It is awaited below, in its turn; until then a failure must not count as unhandled.
      rerun.catch(() => undefined);
      underWay.push(rerun);
      if (underWay.length < ahead) continue;
      const next = await underWay.shift();
      if (next != null) yield next;
    }
  }
  for (const rerun of underWay) {
    const next = await rerun;
    if (next !== null) yield next;
  }
}

/** Null for an episode that a pause left in the middle. */
async function wholeOrNothing(run: StreamName, rerun: Promise<EpisodeRerun>): Promise<RunRerun | null> {
  try {
    return { run, ...(await rerun) };
  } catch (error) {
    if (error instanceof RerunPaused) return null;
    throw error;
  }
}

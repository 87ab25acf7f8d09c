import type { Fingerprint } from '../events/run.ts';
import type { StreamName } from '../kernel/brand.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type InOrderOptions, inOrder } from './in-order.ts';
import type { Comparison } from './rerun-comparable.ts';
import { type EpisodeRerun, rerunEpisode, type TimeWindow } from './rerun-episode.ts';
import type { RerunExecutor } from './rerun-executor.ts';
import { type RunState, readRunState } from './run-state.ts';

/** Episodes of one run. */
export interface RerunScope {
  readonly run: StreamName;
  readonly episodes: readonly StreamName[];
}

/** What executing runs again works with; whoever made the executors' sandboxes also closes them. */
export interface RerunServices extends InOrderOptions {
  /** What executes again what these interpreters executed. */
  readonly executorFor: (recorded: readonly Fingerprint[]) => Promise<RerunExecutor>;
  readonly window: TimeWindow;
  readonly comparison: Comparison;
}

export type RunRerun = EpisodeRerun & { readonly run: StreamName };

/**
 * Executes whole runs again, many episodes at a time; results come in the order asked for, whatever was done first. After a
 * pause it ends with what is whole by then. An episode that the run scheduled and that the ledger does not have is inconclusive.
 *
 * @throws PawlError `RUN_NOT_FOUND`, and those of `rerunEpisode`; the abort signal's reason
 */
export function rerunEpisodes(
  ledger: Ledger,
  scopes: readonly RerunScope[],
  services: RerunServices,
): AsyncGenerator<RunRerun> {
  const { executorFor, window, comparison } = services;
  return inOrder(episodesOf(ledger, scopes), services, async ({ episode, state }) => {
    const { run, started } = state;
    try {
      const recorded = started.sandbox;
      const context = { recorded, executor: await executorFor(recorded), window, comparison };
      return { run, ...(await rerunEpisode(ledger, episode, context)) };
    } catch (error) {
      if (!isPawlError(error, 'RUN_NOT_FOUND')) throw error;
      return { run, ...missingEpisode(episode, state) };
    }
  });
}

function missingEpisode(episode: StreamName, { episodes }: RunState): EpisodeRerun {
  const task = episodes.find((scheduled) => scheduled.episode === episode)?.task ?? '';
  const remark = 'the run scheduled it, and no record of it is in the ledger';
  return { episode, task, imported: false, verdict: 'inconclusive', checks: [], remark };
}

/** One episode after the other, each with its run. */
export async function* episodesOf(
  ledger: Ledger,
  scopes: readonly RerunScope[],
): AsyncGenerator<{ readonly episode: StreamName; readonly state: RunState }> {
  for (const { run, episodes } of scopes) {
    if (episodes.length === 0) continue;
    const state = await readRunState(ledger, run);
    for (const episode of episodes) yield { episode, state };
  }
}

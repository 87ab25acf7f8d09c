import { type EpisodesState, episodeProjection } from '../../projections/episode.ts';
import { heldOutUseProjection, sealedRuns } from '../../projections/held-out-use.ts';
import type { Projection } from '../../projections/projection.ts';
import { type RunSummary, type RunsState, runProjection } from '../../projections/run.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { projectAt } from '../ledger/snapshots/project-at.ts';
import { readProjection } from '../ledger/snapshots/read-projection.ts';

/** Folds some streams, in the order given, up to and with a position. */
async function foldStreams<State>(
  ledger: Ledger,
  projection: Projection<State>,
  streams: Iterable<StreamName>,
  at: number | null,
): Promise<State> {
  let state = projection.initialState();
  for (const stream of streams) {
    for await (const event of ledger.readStream(stream)) {
      if (at !== null && event.position > at) break;
      state = projection.evolve(state, event);
    }
  }
  return state;
}

/** Every run, and those whose results are sealed, to the line of improvement that they belong to. */
export interface KnownRuns extends RunsState {
  readonly sealed: ReadonlyMap<StreamName, StreamName>;
}

/**
 * Every run and the standing of its episodes, oldest first: now, or as it was after the record at a position.
 *
 * @throws PawlError `LEDGER_POSITION`
 */
export async function readRuns(ledger: Ledger, at: number | null = null): Promise<KnownRuns> {
  const state =
    at === null ? await readProjection(ledger, runProjection) : await projectAt(ledger, runProjection, at);
  // A snapshot holds its members in the order of their names; "the latest" is by the order of the ledger.
  const runs: Record<StreamName, RunSummary> = {};
  for await (const run of ledger.streams('run-')) {
    const summary = state.runs[run];
    if (summary !== undefined) runs[run] = summary;
  }
  // Whether something is sealed is a matter of today, whatever moment is looked at.
  const sealed = sealedRuns(await readProjection(ledger, heldOutUseProjection));
  return { ...state, runs, sealed };
}

export function readEpisodes(
  ledger: Ledger,
  episodes: Iterable<StreamName>,
  at: number | null = null,
): Promise<EpisodesState> {
  return foldStreams(ledger, episodeProjection, episodes, at);
}

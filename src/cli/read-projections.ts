import { type EpisodesState, episodeProjection } from '../../projections/episode.ts';
import { fold, type Projection } from '../../projections/projection.ts';
import { type RunsState, runProjection } from '../../projections/run.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** Folds some streams, in the order given. */
async function foldStreams<State>(
  ledger: Ledger,
  projection: Projection<State>,
  streams: Iterable<StreamName>,
): Promise<State> {
  let state = projection.initialState();
  for (const stream of streams) {
    for await (const event of ledger.readStream(stream)) state = projection.evolve(state, event);
  }
  return state;
}

/** Every run and the standing of its episodes. */
export async function readRuns(ledger: Ledger): Promise<RunsState> {
  let state = runProjection.initialState();
  for await (const events of ledger.readBatches()) state = fold(runProjection, events, state);
  return state;
}

export function readEpisodes(ledger: Ledger, episodes: Iterable<StreamName>): Promise<EpisodesState> {
  return foldStreams(ledger, episodeProjection, episodes);
}

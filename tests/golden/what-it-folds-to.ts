import { type EpisodesState, episodeProjection } from '../../projections/episode.ts';
import { fold, type Projection, stateHash } from '../../projections/projection.ts';
import { runProjection } from '../../projections/run.ts';
import { runOutcomeDigest } from '../../projections/run-outcome.ts';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import { rederiveImported } from '../../src/exchange/rederive-imported.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { replayEpisode } from '../../src/loop/replay-episode.ts';
import { LedgerReplay } from '../../src/loop/replay-ledger.ts';

/** All that must never change about what a ledger means. */
export interface Meaning {
  readonly records: number;
  /** Root of the RFC 6962 tree, lower-case hexadecimal. */
  readonly root: string;
  /** State hash by name and version of the projection. */
  readonly states: Readonly<Record<string, string>>;
  /** Outcome digest by run. */
  readonly outcomes: Readonly<Record<string, string>>;
  /** Verdict and number of decisions of the replay of every episode and every line of improvement. */
  readonly replays: Readonly<Record<string, string>>;
}

export async function whatItFoldsTo(
  ledger: Ledger,
  projections: readonly Projection<unknown>[],
): Promise<Meaning> {
  const events: AnyRecordedEvent[] = [];
  for await (const event of ledger.readAll()) events.push(event);
  const { size, root } = await ledger.head();
  const runs = fold(runProjection, events);
  const episodes = fold(episodeProjection, events);
  return {
    records: size,
    root: Buffer.from(root).toString('hex'),
    states: Object.fromEntries(
      projections.map((projection) => [
        `${projection.name} ${projection.version}`,
        stateHash(projection, fold(projection, events)),
      ]),
    ),
    outcomes: Object.fromEntries(
      Object.keys(runs.runs).map((run) => [run, runOutcomeDigest(runs, episodes, run as StreamName)]),
    ),
    replays: await replayAll(ledger, episodes),
  };
}

async function replayAll(ledger: Ledger, { episodes }: EpisodesState): Promise<Record<string, string>> {
  const replays: Record<string, string> = {};
  for (const stream of Object.keys(episodes)) {
    const verdict = await replayEpisode(ledger, stream as StreamName, { rederive: rederiveImported });
    replays[stream] = verdict.verdict === 'pass' ? `pass ${verdict.decisions}` : JSON.stringify(verdict);
  }
  const lines = new LedgerReplay(ledger, { rederive: rederiveImported });
  for await (const stream of ledger.streams('improvement-')) {
    const verdict = await lines.stream(stream);
    replays[stream] = verdict.verdict === 'pass' ? `pass ${verdict.decisions}` : JSON.stringify(verdict);
  }
  return replays;
}

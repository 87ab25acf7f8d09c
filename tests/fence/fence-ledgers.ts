import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planImport } from '../../src/exchange/import-plan.ts';
import { importRun } from '../../src/exchange/import-run.ts';
import { recordedRunImporter } from '../../src/exchange/importers/recorded-run.ts';
import { steppingClock } from '../../src/kernel/clock.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { type FinishedReplay, recordReplay } from '../../src/loop/record-replay.ts';
import { loadSuite } from '../../src/tasks/registry.ts';
import { linesOf, row, writeRows, writeTasks } from '../exchange/recorded-rows.ts';
import { loadGolden, readGolden } from '../golden/golden-files.ts';
import { released } from '../golden/released.ts';
import { forgeRecords } from '../support/forge-records.ts';
import { splitRun } from '../support/split-run.ts';
import { toyLedger } from '../support/toy-run.ts';

/** Ledgers in memory that between them hold whatever the pure rooms have to deal with; also what is not as it should be. */
export async function fenceLedgers(): Promise<readonly Ledger[]> {
  const golden = await Promise.all(Object.keys(released).map((version) => loadGolden(readGolden(version))));
  const { ledger, store } = await splitRun();
  const forged = await forgeRecords(store, (record) => {
    if (record.type === 'FeedbackComposed') record.data['text'] = { ...someBlob(record.data) };
    if (record.type === 'RunFinished') record.data['publicPass'] = 99;
  });
  const short = await forgeRecords(store, ({ type, revision }) =>
    type === 'EpisodeScheduled' && revision > 3 ? 'cut' : undefined,
  );
  const unknown = await forgeRecords(store, (record) => {
    if (record.type === 'RunStarted') record.data['scorer'] = { name: 'tests', version: 99 };
  });
  return [...golden, ledger, forged, short, unknown, await imported()];
}

async function imported(): Promise<Ledger> {
  const directory = mkdtempSync(join(tmpdir(), 'fence-'));
  try {
    const suite = await loadSuite(`recorded:${writeTasks(directory, 1)}`);
    const plan = await planImport(writeRows(directory, linesOf([row(0)])), recordedRunImporter, suite, null);
    const ledger = toyLedger(openMemoryStore(), 'imported');
    const writer = { actor: 'test', correlation: 'test' };
    const pause = new AbortController().signal;
    await importRun(plan, { ledger, writer, clock: steppingClock(0, 1), pause, onEpisode: () => undefined });
    await recordReplay(ledger, replayed, writer);
    return ledger;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const replayed: FinishedReplay = {
  ...{ mode: 'replay', scope: 'all', verdict: 'pass', streams: 3, compared: 9 },
  ...{ diverged: 0, inconclusive: 0 },
};

/** Another blob than the right one, so that there is something to tell apart. */
function someBlob(data: Readonly<Record<string, unknown>>): object {
  return { ...(data['text'] as object), bytes: 1 };
}

import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { projections } from '../../projections/catalogue.ts';
import { fold, type Projection } from '../../projections/projection.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { readProjection } from '../../src/ledger/snapshots/read-projection.ts';
import type { BenchRow } from './bench-row.ts';
import { appendCopies, recordRealRuns } from './fold-fixture.ts';
import { benchDirectory, median, openBenchLedger, timeMs } from './ledger-fixture.ts';

const eventsMin = 1_000_000;
/** What an open ledger may have gained since its snapshots were kept: half of what leads to new ones. */
const behindShare = 1 / 64;
const rounds = 5;
const tasks = 12;
const targetMs = 1000;

/**
 * Opening a ledger of a million events up to each projection's state (open the file, check and join the snapshot, fold what
 * came since), against folding from the beginning. The ledger holds real runs of the starter suite, many times over.
 */
export async function benchSnapshot(): Promise<BenchRow[]> {
  const directory = benchDirectory();
  const path = join(directory.path, 'ledger.db');
  try {
    const real = await recordRealRuns(tasks);
    const copies = Math.ceil(eventsMin / real.length);
    await withLedger(path, (ledger) => appendCopies(ledger, real, copies));
    // Snapshots of a ledger that goes on: readers of later find it some way further.
    await withLedger(path, async (ledger) => {
      for (const projection of projections) await readProjection(ledger, projection);
    });
    const more = await recordRealRuns(tasks);
    await withLedger(path, (ledger) =>
      appendCopies(ledger, more, Math.ceil((copies * behindShare * real.length) / more.length)),
    );
    const rows: BenchRow[] = [];
    for (const projection of projections) rows.push(await rowOf(path, projection));
    rows.push(await commandRow(path));
    return rows;
  } finally {
    directory.remove();
  }
}

async function rowOf(path: string, projection: Projection<unknown>): Promise<BenchRow> {
  const openMs: number[] = [];
  const foldMs: number[] = [];
  let size = 0;
  for (let round = -1; round < rounds; round += 1) {
    const opening = await timeMs(() => withLedger(path, (ledger) => readProjection(ledger, projection)));
    const folding = await timeMs(() =>
      withLedger(path, async (ledger) => {
        size = await foldFromBeginning(ledger, projection);
      }),
    );
    // The first round warms caches and compilers.
    if (round < 0) continue;
    openMs.push(opening);
    foldMs.push(folding);
  }
  const value = median(openMs);
  return {
    ...{ name: `open ${size.toLocaleString('en')} events: ${projection.name}`, value, unit: 'ms' },
    ...{ target: `≤ ${targetMs}`, met: value <= targetMs },
    detail: `with a snapshot and what came since, median of ${rounds} rounds; folding from the beginning ${median(foldMs).toFixed(0)} ms; snapshots of all ${projections.length} projections ${(statSync(`${path}-snapshots`).size / 1e6).toFixed(0)} MB`,
  };
}

/** All of it, from the shell's point of view: the process, the file, the snapshot, the table. */
async function commandRow(path: string): Promise<BenchRow> {
  const main = resolve(import.meta.dirname, '../../src/cli/main.ts');
  const run = async (...args: readonly string[]): Promise<void> => {
    const { status, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`pawl ${args[0]} ended with ${status}: ${stderr}`);
  };
  const runsMs: number[] = [];
  const startMs: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const whole = await timeMs(() => run('runs', '--ledger', path));
    const start = await timeMs(() => run('--version'));
    if (round < 0) continue;
    runsMs.push(whole);
    startMs.push(start);
  }
  const value = median(runsMs);
  return {
    ...{ name: 'the command `pawl runs` on it', value, unit: 'ms' },
    ...{ target: `≤ ${targetMs}`, met: value <= targetMs },
    detail: `the whole process, median of ${rounds} rounds; \`pawl --version\` takes ${median(startMs).toFixed(0)} ms`,
  };
}

async function withLedger<Result>(path: string, work: (ledger: Ledger) => Promise<Result>): Promise<Result> {
  const ledger = await openBenchLedger(path);
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

async function foldFromBeginning(ledger: Ledger, projection: Projection<unknown>): Promise<number> {
  let state = projection.initialState();
  let events = 0;
  for await (const batch of ledger.readBatches()) {
    state = fold(projection, batch, state);
    events += batch.length;
  }
  return events;
}

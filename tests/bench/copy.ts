import { join } from 'node:path';
import { newBlob } from '../../src/ledger/ledger.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import type { BenchRow } from './bench-row.ts';
import { clusterPlace } from './cluster-place.ts';
import { appendInFlight, benchDirectory, median, openBenchLedger, resultText } from './ledger-fixture.ts';
import { runPawl } from './run-pawl.ts';

const events = { sqlite: 200_000, cluster: 40_000 } as const;
const rounds = 3;
const targets = { sqlite: 30_000, cluster: 5000 } as const;

/** The real command, from the start of the process to its end, comparison of the trees included; eight streams side by side. */
export async function benchCopy(): Promise<BenchRow[]> {
  const directory = benchDirectory();
  const place = await clusterPlace();
  try {
    const rows: BenchRow[] = [];
    for (const kind of ['sqlite', 'cluster'] as const) {
      const source = join(directory.path, `${kind}.db`);
      const ledger = await openBenchLedger(source);
      await ledger.putBlobs([newBlob(resultText).blob]);
      await appendInFlight(ledger, kind, events[kind], 8, 4);
      await ledger.close();
      const seconds: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const to = kind === 'sqlite' ? join(directory.path, `copy-${round}.db`) : place.address();
        seconds.push(await copy(source, to, directory.path));
      }
      const value = events[kind] / median(seconds);
      rows.push({
        name: `\`pawl copy\`, SQLite to ${kind === 'sqlite' ? 'SQLite' : 'the wire server'}`,
        value,
        unit: 'events/s',
        target: `≥ ${targets[kind]}`,
        met: value >= targets[kind],
        detail: `the whole process, ${events[kind]} events of 590 bytes in appends of four, 8 streams interleaved; median of ${rounds} rounds`,
      });
    }
    rows.push(await realLedger(place.address(), directory.path));
    return rows;
  } finally {
    await place.stop();
    directory.remove();
  }
}

/** Half as many blobs as records, which is what a run leaves: each of them is a stream, and an append. */
async function realLedger(to: string, home: string): Promise<BenchRow> {
  const source = join(home, 'real.db');
  await runPawl(home, 'run', '--limit', '150', '--ledger', source);
  const store = await openSqliteStore({ path: source, mode: 'read' });
  const { size } = await store.head();
  const blobs = (await Array.fromAsync(store.blobDigests())).length;
  await store.close();
  const seconds = await copy(source, to, home);
  return {
    name: '`pawl copy` of a real run with its blobs, SQLite to the wire server',
    value: size / seconds,
    unit: 'events/s',
    target: 'none',
    met: true,
    detail: `150 episodes of the starter suite: ${size} records and ${blobs} blobs, ${Math.round((size + blobs) / seconds).toLocaleString('en')} of both a second; the whole process, once`,
  };
}

async function copy(from: string, to: string, home: string): Promise<number> {
  const start = performance.now();
  await runPawl(home, 'copy', from, to, '--json');
  return (performance.now() - start) / 1000;
}

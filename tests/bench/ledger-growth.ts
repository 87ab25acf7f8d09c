import { statSync } from 'node:fs';
import { join } from 'node:path';
import { verifyLedger } from '../../src/ledger/verify-ledger.ts';
import type { BenchRow } from './bench-row.ts';
import { appendInFlight, benchDirectory, median, openBenchLedger, timeMs } from './ledger-fixture.ts';

const sizeSmall = 10_000;
const sizeLarge = 1_000_000;
const windowEvents = 10_000;
const windows = 9;
const costTarget = 1.2;
const memoryTarget = 1.2;

/**
 * What an event costs to append (64 in flight) around 10,000 events, and around 1,000,000 in the same file; and the memory of
 * the process at both. The small windows are measured in fresh ledgers between the large ones, so that both meet the same
 * machine. Then the large ledger is read and verified.
 */
export async function benchLedgerGrowth(): Promise<BenchRow[]> {
  const directory = benchDirectory();
  const path = join(directory.path, 'large.db');
  const large = await openBenchLedger(path);
  try {
    await appendInFlight(large, 'start', sizeSmall, 64, 1);
    const memorySmall = residentMegabytes();
    for (let filled = sizeSmall; filled < sizeLarge; filled += 100_000) {
      await appendInFlight(large, `fill.${filled}`, Math.min(100_000, sizeLarge - filled), 64, 1);
    }
    const memoryLarge = residentMegabytes();
    const smallMs: number[] = [];
    const largeMs: number[] = [];
    for (let window = 0; window < windows; window += 1) {
      largeMs.push(await timeMs(() => appendInFlight(large, `large.${window}`, windowEvents, 64, 1)));
      const small = await openBenchLedger(join(directory.path, `small.${window}.db`));
      await appendInFlight(small, 'start', sizeSmall, 64, 1);
      smallMs.push(await timeMs(() => appendInFlight(small, 'small', windowEvents, 64, 1)));
      await small.close();
    }
    const cost = median(largeMs) / median(smallMs);
    const memory = memoryLarge / memorySmall;
    const micros = (ms: number): string => ((ms / windowEvents) * 1000).toFixed(1);
    const rows: BenchRow[] = [
      {
        name: 'append cost per event at 1,000,000 events ÷ at 10,000',
        value: cost,
        unit: '×',
        target: `≤ ${costTarget}`,
        met: cost <= costTarget,
        detail: `${micros(median(largeMs))} µs against ${micros(median(smallMs))} µs, medians of ${windows} windows of ${windowEvents}, 64 in flight, 1 event each; file ${(statSync(path).size / 1e6).toFixed(0)} MB`,
      },
      {
        name: 'resident memory at 1,000,000 events ÷ at 10,000',
        value: memory,
        unit: '×',
        target: `≤ ${memoryTarget}`,
        met: memory <= memoryTarget,
        detail: `${memoryLarge.toFixed(0)} MB against ${memorySmall.toFixed(0)} MB`,
      },
    ];
    rows.push(await verifyRow(large));
    return rows;
  } finally {
    await large.close();
    directory.remove();
  }
}

const verifyTarget = 100_000;

async function verifyRow(ledger: Awaited<ReturnType<typeof openBenchLedger>>): Promise<BenchRow> {
  let records = 0;
  const ms = await timeMs(async () => {
    records = (await verifyLedger(ledger.store)).records;
  });
  const value = (records / ms) * 1000;
  return {
    name: 'verify',
    value,
    unit: 'records/s',
    target: `≥ ${verifyTarget}`,
    met: value >= verifyTarget,
    detail: `${records} records: leaf hashes, tree, places, schemas`,
  };
}

function residentMegabytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss / 1e6;
}

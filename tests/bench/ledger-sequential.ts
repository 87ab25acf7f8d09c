import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { encodeRecord } from '../../src/events/record.ts';
import type { BenchRow } from './bench-row.ts';
import {
  benchDirectory,
  episodeStream,
  executionFinished,
  median,
  openBenchLedger,
} from './ledger-fixture.ts';

const rounds = 15;
const appendsPerRound = 100;
const target = 0.5;

/**
 * One durable append after another through `Ledger.append` (validate, canonicalise, hash, commit, fsync), against writing the
 * same bytes to a file and `fdatasync`. The two take turns, so that a busy disk slows both.
 */
export async function benchLedgerSequential(): Promise<BenchRow[]> {
  const directory = benchDirectory();
  const ledger = await openBenchLedger(join(directory.path, 'ledger.db'));
  const raw = openSync(join(directory.path, 'raw'), 'a');
  try {
    const stream = episodeStream('sequential');
    const bytes = encodeRecord(executionFinished(ledger, 0), stream, 0);
    const ledgerMs: number[] = [];
    const rawMs: number[] = [];
    let last = -1;
    for (let round = -1; round < rounds; round += 1) {
      // The first round warms the compilers of both threads, and the disk.
      if (round === 0) ledgerMs.length = rawMs.length = 0;
      for (let append = 0; append < appendsPerRound; append += 1) {
        const start = performance.now();
        last = (await ledger.append(stream, last, [executionFinished(ledger, append)])).lastRevision;
        ledgerMs.push(performance.now() - start);
      }
      for (let append = 0; append < appendsPerRound; append += 1) {
        const start = performance.now();
        writeSync(raw, bytes);
        fdatasyncSync(raw);
        rawMs.push(performance.now() - start);
      }
    }
    const value = median(rawMs) / median(ledgerMs);
    return [
      {
        name: 'sequential durable append ÷ raw write+fdatasync',
        value,
        unit: '×',
        target: `≥ ${target}`,
        met: value >= target,
        detail: `median ${(median(ledgerMs) * 1000).toFixed(0)} µs against ${(median(rawMs) * 1000).toFixed(0)} µs for ${bytes.length} bytes, ${rounds} rounds of ${appendsPerRound} each in turn`,
      },
    ];
  } finally {
    closeSync(raw);
    await ledger.close();
    directory.remove();
  }
}

import { join } from 'node:path';
import { projections } from '../../projections/catalogue.ts';
import { fold } from '../../projections/projection.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { BenchRow } from './bench-row.ts';
import { appendCopies, recordRealRuns } from './fold-fixture.ts';
import { benchDirectory, median, openBenchLedger, timeMs } from './ledger-fixture.ts';

const rounds = 7;
const tasks = 12;
const eventsMin = 200_000;
const ratioTarget = 0.4;

/**
 * Every projection over a whole ledger on disk (read, decode and fold) against nothing but `JSON.parse` of the same
 * records, whose texts are in memory already. The ledger holds real runs of the starter suite, many times over.
 */
export async function benchFold(): Promise<BenchRow[]> {
  const directory = benchDirectory();
  const ledger = await openBenchLedger(join(directory.path, 'ledger.db'));
  try {
    const real = await recordRealRuns(tasks);
    await appendCopies(ledger, real, Math.ceil(eventsMin / real.length));
    const texts = await textsOf(ledger);
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    const parseMs: number[] = [];
    const foldMs: number[] = [];
    for (let round = -1; round < rounds; round += 1) {
      const parsing = await timeMs(async () => parseAll(texts));
      const folding = await timeMs(() => foldAll(ledger));
      // The first round warms caches and compilers.
      if (round < 0) continue;
      parseMs.push(parsing);
      foldMs.push(folding);
    }
    const value = median(parseMs) / median(foldMs);
    return [
      {
        ...{ name: 'fold of all projections from disk ÷ bare JSON.parse', value, unit: '×' },
        ...{ target: `≥ ${ratioTarget}`, met: value >= ratioTarget },
        detail: `${texts.length} records of ${Math.round(bytes / texts.length)} bytes on average, ${projections.length} projections, medians of ${rounds} rounds: fold ${median(foldMs).toFixed(0)} ms, parse ${median(parseMs).toFixed(0)} ms`,
      },
    ];
  } finally {
    await ledger.close();
    directory.remove();
  }
}

async function textsOf(ledger: Ledger): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const { bytes } of ledger.store.readAll()) texts.push(Buffer.from(bytes).toString('utf8'));
  return texts;
}

function parseAll(texts: readonly string[]): number {
  let members = 0;
  for (const text of texts) members += JSON.parse(text).revision;
  return members;
}

async function foldAll(ledger: Ledger): Promise<readonly unknown[]> {
  const states = projections.map((projection) => projection.initialState());
  for await (const events of ledger.readBatches()) {
    for (const [index, projection] of projections.entries()) {
      states[index] = fold(projection, events, states[index]);
    }
  }
  return states;
}

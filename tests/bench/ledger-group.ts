import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { encodeRecord } from '../../src/events/record.ts';
import type { BenchRow } from './bench-row.ts';
import {
  appendInFlight,
  benchDirectory,
  episodeStream,
  executionFinished,
  median,
  openBenchLedger,
  timeMs,
} from './ledger-fixture.ts';

const rounds = 7;
const inFlight = 64;
const eventsPerRound = 32_000;
const rateTarget = 60_000;
const ratioTarget = 0.3;

/**
 * 64 appends in flight, of one event and of four (what the loop appends after an execution), against a bare `node:sqlite`
 * insert of the same bytes: one table of a rowid and a BLOB, WAL, synchronous=FULL, transactions of 1,000 rows.
 */
export async function benchLedgerGroup(): Promise<BenchRow[]> {
  const directory = benchDirectory();
  const ledger = await openBenchLedger(join(directory.path, 'ledger.db'));
  const bare = new DatabaseSync(join(directory.path, 'bare.db'));
  try {
    bare.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE records (position INTEGER PRIMARY KEY, bytes BLOB)',
    );
    const bytes = encodeRecord(executionFinished(ledger, 0), episodeStream('group.0.0'), 0);
    await appendInFlight(ledger, 'warm', 20_000, inFlight, 1);
    insertBare(bare, bytes, 20_000);
    const perSecond = { one: [] as number[], four: [] as number[], bare: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      const rate = async (work: () => Promise<unknown>): Promise<number> =>
        (eventsPerRound / (await timeMs(work))) * 1000;
      perSecond.one.push(
        await rate(() => appendInFlight(ledger, `one.${round}`, eventsPerRound, inFlight, 1)),
      );
      perSecond.bare.push(await rate(async () => insertBare(bare, bytes, eventsPerRound)));
      perSecond.four.push(
        await rate(() => appendInFlight(ledger, `four.${round}`, eventsPerRound, inFlight, 4)),
      );
    }
    const bareRate = median(perSecond.bare);
    return ([1, 4] as const).flatMap((events): BenchRow[] => {
      const value = median(events === 1 ? perSecond.one : perSecond.four);
      const what = `group-committed append, ${inFlight} in flight, ${events} event${events === 1 ? '' : 's'} each`;
      return [
        {
          name: what,
          value,
          unit: 'events/s',
          target: `≥ ${rateTarget}`,
          met: value >= rateTarget,
          detail: `median of ${rounds} rounds of ${eventsPerRound} events of ${bytes.length} bytes, 20 appends to a stream`,
        },
        {
          name: `${what} ÷ bare node:sqlite insert`,
          value: value / bareRate,
          unit: '×',
          target: `≥ ${ratioTarget}`,
          met: value / bareRate >= ratioTarget,
          detail: `bare: ${bareRate.toFixed(0)} rows/s, one table without indexes, the same bytes, 1,000 to a transaction`,
        },
      ];
    });
  } finally {
    bare.close();
    await ledger.close();
    directory.remove();
  }
}

function insertBare(db: DatabaseSync, bytes: Uint8Array, rows: number): void {
  const insert = db.prepare('INSERT INTO records (bytes) VALUES (?)');
  for (let row = 0; row < rows; ) {
    db.exec('BEGIN IMMEDIATE');
    for (const end = Math.min(rows, row + 1000); row < end; row += 1) insert.run(bytes);
    db.exec('COMMIT');
  }
}

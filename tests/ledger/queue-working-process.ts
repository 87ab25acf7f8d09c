/**
 * Works off a queue until nothing of it is open, with a line for each thing it took or finished; may be killed at any of them.
 * Arguments: path of the ledger, name of the worker, length of a lease in milliseconds, and `hold` where it is to keep what it
 * takes until a line comes in.
 */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { systemClock } from '../../src/kernel/clock.ts';
import { SqliteWorkQueue } from '../../src/ledger/stores/sqlite/sqlite-work-queue.ts';
import { never, numberOf, run } from './contract/work/queue-items.ts';

const [, , ledgerPath = '', worker = '', lease = '', hold] = process.argv;
const leaseMs = Number(lease);
const queue = new SqliteWorkQueue(
  { ledgerPath, mode: 'write', pagesMax: null, busyMsMax: 10_000 },
  systemClock,
);
let beat = 0;
const pulse = async (): Promise<void> => {
  beat += 1;
  const what = { slots: 1, capabilities: [], working: [], draining: false };
  await queue.beat({ worker, beat, at: systemClock.now(), ...what });
};
await pulse();
const beating = setInterval(() => void pulse(), leaseMs / 5);
for (;;) {
  const taken = await queue.take(run, worker, leaseMs / 5, never);
  if (taken === null) {
    const items = await queue.items(run);
    if (items.every(({ standing }) => standing.kind === 'finished' || standing.kind === 'parked')) break;
    continue;
  }
  const what = `${numberOf(taken.item)} ${taken.attempt}`;
  writeSync(1, `took ${what}\n`);
  if (hold !== undefined) await once(process.stdin, 'data');
  await taken.finish();
  writeSync(1, `${taken.lost.aborted ? 'lost' : 'finished'} ${what}\n`);
}
clearInterval(beating);
queue.close();
process.stdin.destroy();

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { SqliteWorkQueue } from '../../src/ledger/stores/sqlite/sqlite-work-queue.ts';
import { items, never, run, workerName } from './contract/work/queue-items.ts';
import type { WorkQueuePlace } from './contract/work/work-queue-place.ts';
import { orderedQueueContract, workQueueContract } from './contract/work-queue-contract.ts';
import { temporaryDirectory } from './temporary-directory.ts';

async function sqlitePlace(): Promise<WorkQueuePlace> {
  const ledgerPath = join(temporaryDirectory(), 'ledger.db');
  writeFileSync(ledgerPath, '');
  return {
    async open(clock) {
      const queue = new SqliteWorkQueue(
        { ledgerPath, mode: 'write', pagesMax: null, busyMsMax: 10_000 },
        clock,
      );
      return { queue, close: async () => queue.close() };
    },
    synced: async () => undefined,
  };
}

workQueueContract('sqlite', sqlitePlace, process.env['PAWL_LONG'] === '1' ? 1000 : 30);
orderedQueueContract('sqlite', sqlitePlace);

test('what a process had that was killed is with another one a lease later, and within a second of that', async () => {
  const leaseMs = 1500;
  const ledgerPath = join(temporaryDirectory(), 'ledger.db');
  writeFileSync(ledgerPath, '');
  const queue = new SqliteWorkQueue(
    { ledgerPath, mode: 'write', pagesMax: null, busyMsMax: 10_000 },
    systemClock,
  );
  await queue.offer(run, items(1), { leaseMs, attemptsMax: 2 });
  const script = fileURLToPath(new URL('./queue-working-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, ledgerPath, workerName('A'), `${leaseMs}`, 'hold'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [took] = await once(child.stdout, 'data');
  expect(`${took}`).toBe('took 1 1\n');
  expect(await queue.take(run, workerName('B'), 2 * leaseMs, never)).toBeNull();
  child.kill('SIGKILL');
  await exited;
  const killedMs = systemClock.monotonic();
  const over = await queue.take(run, workerName('B'), 60_000, never);
  const passedMs = systemClock.monotonic() - killedMs;
  expect([over?.attempt, over?.from]).toEqual([2, { worker: workerName('A'), why: 'lapsed' }]);
  // It beats five times in a lease, and its last beat may have come right before it was killed, or so much earlier.
  expect(passedMs).toBeGreaterThan(leaseMs / 2);
  expect(passedMs).toBeLessThan(leaseMs + 1000);
  queue.close();
});

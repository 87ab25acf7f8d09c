import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
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

const leaseMs = 1500;

/** A process that holds item 1, and a worker beside it that has seen so. */
async function held(): Promise<{
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  readonly queue: SqliteWorkQueue;
}> {
  const ledgerPath = join(temporaryDirectory(), 'ledger.db');
  writeFileSync(ledgerPath, '');
  const options = { ledgerPath, mode: 'write', pagesMax: null, busyMsMax: 10_000 } as const;
  const queue = new SqliteWorkQueue(options, systemClock);
  onTestFinished(() => queue.close());
  await queue.offer(run, items(1), { leaseMs, attemptsMax: 2 });
  const script = fileURLToPath(new URL('./queue-working-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, ledgerPath, workerName('A'), `${leaseMs}`, 'hold'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [took] = await once(child.stdout, 'data');
  expect(`${took}`).toBe('took 1 1\n');
  expect(await queue.take(run, workerName('B'), 2 * leaseMs, never)).toBeNull();
  return { child, queue };
}

test('what a process had that was killed is with another one a lease later, and within a second of that', async () => {
  const { child, queue } = await held();
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  const killedMs = systemClock.monotonic();
  const over = await queue.take(run, workerName('B'), 60_000, never);
  const passedMs = systemClock.monotonic() - killedMs;
  expect([over?.attempt, over?.from]).toEqual([2, { worker: workerName('A'), why: 'lapsed' }]);
  // It beats five times in a lease: its last beat came right before it was killed, or so much earlier.
  expect(passedMs).toBeGreaterThan(leaseMs / 2);
  expect(passedMs).toBeLessThan(leaseMs + 1000);
});

test('a process that was stopped and goes on after the takeover changes nothing, and learns of it', async () => {
  const { child, queue } = await held();
  child.kill('SIGSTOP');
  const over = await queue.take(run, workerName('B'), 60_000, never);
  expect(over?.attempt).toBe(2);
  const pulse = { worker: workerName('B'), at: 0, slots: 1, capabilities: [], working: [], draining: false };
  await queue.beat({ ...pulse, beat: 1 });
  const beating = setInterval(() => void queue.beat({ ...pulse, beat: 2 }), leaseMs / 5);
  onTestFinished(() => clearInterval(beating));
  child.kill('SIGCONT');
  child.stdin.write('\n');
  const [said] = await once(child.stdout, 'data');
  expect(`${said}`).toBe('lost 1 1\n');
  expect((await queue.items(run)).map(({ standing }) => standing)).toEqual([
    { kind: 'taken', attempt: 2, worker: workerName('B') },
  ]);
  await over?.finish();
  expect(over?.lost.aborted).toBe(false);
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
});

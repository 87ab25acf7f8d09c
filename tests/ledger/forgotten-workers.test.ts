import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../../src/kernel/clock.ts';
import { MemoryQueuePlace, MemoryWorkQueue } from '../../src/ledger/stores/memory-work-queue.ts';
import { pulseKeptMs } from '../../src/ledger/stores/queue-times.ts';
import { SqliteWorkQueue } from '../../src/ledger/stores/sqlite/sqlite-work-queue.ts';
import type { WorkQueue } from '../../src/ledger/work-queue.ts';
import { handClock } from './contract/work/hand-clock.ts';
import { items, never, run, workerName } from './contract/work/queue-items.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const queues: Record<string, (clock: Clock) => WorkQueue> = {
  memory: (clock) => new MemoryWorkQueue(new MemoryQueuePlace(), clock),
  sqlite(clock) {
    const ledgerPath = join(temporaryDirectory(), 'ledger.db');
    writeFileSync(ledgerPath, '');
    const queue = new SqliteWorkQueue({ ledgerPath, mode: 'write', pagesMax: null, busyMsMax: 1000 }, clock);
    onTestFinished(() => queue.close());
    return queue;
  },
};

for (const [name, open] of Object.entries(queues)) {
  test(`${name}: a worker of which nothing is heard any more is no longer listed, unless it still has something`, async () => {
    const clock = handClock(0);
    const queue = open(clock);
    const [gone, silent, alive] = [workerName('A'), workerName('B'), workerName('C')];
    const beat = (worker: string): Promise<void> =>
      queue.beat({ worker, beat: 1, at: 0, slots: 1, capabilities: [], working: [], draining: false });
    await queue.offer(run, items(1), { leaseMs: 10 * pulseKeptMs, attemptsMax: 1 });
    await beat(gone);
    await beat(silent);
    await queue.take(run, silent, 0, never);
    await beat(alive);
    clock.advance(pulseKeptMs - 1);
    await beat(alive);
    expect((await queue.pulses()).map(({ worker }) => worker)).toEqual([gone, silent, alive]);
    clock.advance(1);
    await beat(alive);
    expect((await queue.pulses()).map(({ worker }) => worker)).toEqual([silent, alive]);
  });
}

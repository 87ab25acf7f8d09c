import { expect, test } from 'vitest';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { MemoryQueuePlace, MemoryWorkQueue } from '../../src/ledger/stores/memory-work-queue.ts';
import { items, leaseMs, never, run, workerName } from './contract/work/queue-items.ts';
import type { WorkQueuePlace } from './contract/work/work-queue-place.ts';
import { orderedQueueContract, workQueueContract } from './contract/work-queue-contract.ts';

async function memoryPlace(): Promise<WorkQueuePlace> {
  const place = new MemoryQueuePlace();
  return {
    async open(clock) {
      const queue = new MemoryWorkQueue(place, clock);
      return { queue, close: async () => queue.close() };
    },
    synced: async () => undefined,
  };
}

workQueueContract('memory', memoryPlace, process.env['PAWL_LONG'] === '1' ? 5000 : 300);
orderedQueueContract('memory', memoryPlace);

test('the queue of a store is one object, and is closed with it', async () => {
  const store = openMemoryStore();
  const queue = store.workQueue();
  expect(store.workQueue()).toBe(queue);
  await queue.offer(run, items(1), { leaseMs, attemptsMax: 1 });
  const lease = await queue.take(run, workerName('A'), 0, never);
  const waiting = queue.take(run, workerName('B'), 1_000_000, never);
  await store.close();
  await expect(waiting).rejects.toMatchObject({ code: 'LEDGER_CLOSED' });
  await expect(queue.items(run)).rejects.toMatchObject({ code: 'LEDGER_CLOSED' });
  await expect(lease?.finish()).rejects.toMatchObject({ code: 'LEDGER_CLOSED' });
});

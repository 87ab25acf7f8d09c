import { describe, expect, test } from 'vitest';
import { lostReason } from '../../../../src/ledger/stores/judge-take.ts';
import type { Lease } from '../../../../src/ledger/work-queue.ts';
import { item, items, leaseMs, numberOf, run } from './queue-items.ts';
import { TestWorker } from './test-worker.ts';
import type { MakePlace, WorkQueuePlace } from './work-queue-place.ts';

const terms = { leaseMs, attemptsMax: 3 };

/** A has item 1 and B has seen so. */
async function watched(
  place: WorkQueuePlace,
): Promise<{ readonly a: TestWorker; readonly b: TestWorker; readonly lease: Lease }> {
  const [a, b] = [await TestWorker.join(place, 'A'), await TestWorker.join(place, 'B')];
  await a.queue.offer(run, items(1), terms);
  const lease = await a.take();
  await b.findsNothing();
  return { a, b, lease };
}

export function lapsing(name: string, makePlace: MakePlace): void {
  describe(`${name}: silence`, () => {
    test('a lease lapses after its length on the clock of whoever watches, and not before', async () => {
      const { a, b } = await watched(await makePlace());
      a.clock.advance(100 * leaseMs);
      b.clock.advance(leaseMs - 1);
      await b.findsNothing();
      b.clock.advance(1);
      const over = await b.take();
      expect([over.item, over.attempt, over.from]).toEqual([item(1), 2, { worker: a.name, why: 'lapsed' }]);
      expect(await a.standings()).toEqual([`1 taken 2 ${b.name}`]);
    });

    test('beats keep it, whatever the clock of the worker shows', async () => {
      const place = await makePlace();
      const { a, b, lease } = await watched(place);
      for (const jumpMs of [0, 3_600_000, -7_200_000, 1]) {
        a.clock.advance(jumpMs);
        b.clock.advance(leaseMs - 1);
        await a.beat();
        await b.findsNothing();
      }
      b.clock.advance(leaseMs - 1);
      await b.findsNothing();
      expect(lease.lost.aborted).toBe(false);
      b.clock.advance(1);
      expect((await b.take()).attempt).toBe(2);
    });

    test('whoever never heard of the worker watches a whole lease first', async () => {
      const place = await makePlace();
      const { b } = await watched(place);
      b.clock.advance(5 * leaseMs);
      const c = await TestWorker.join(place, 'C');
      c.clock.advance(50 * leaseMs);
      await c.findsNothing();
      c.clock.advance(leaseMs - 1);
      await c.findsNothing();
      c.clock.advance(1);
      expect((await c.take()).attempt).toBe(2);
    });

    test('taking something is a sign of life as a beat is', async () => {
      const place = await makePlace();
      const { a, b, lease } = await watched(place);
      await lease.finish();
      await b.findsNothing();
      b.clock.advance(5 * leaseMs);
      await a.queue.offer(run, items(2), terms);
      await a.take();
      await b.findsNothing();
      b.clock.advance(leaseMs - 1);
      await b.findsNothing();
      b.clock.advance(1);
      expect((await b.take()).item).toEqual(item(2));
    });

    test('nobody takes anything over from itself', async () => {
      const place = await makePlace();
      const { a, lease } = await watched(place);
      await a.findsNothing();
      a.clock.advance(5 * leaseMs);
      await a.findsNothing();
      await lease.finish();
      expect(await a.standings()).toEqual(['1 finished']);
    });

    test('all that a silent worker had is to be had, each by one', async () => {
      const place = await makePlace();
      const [a, b, c] = await Promise.all(['A', 'B', 'C'].map((letter) => TestWorker.join(place, letter)));
      if (a === undefined || b === undefined || c === undefined) throw new Error('unreachable');
      await a.queue.offer(run, items(1, 2, 3, 4), terms);
      for (let count = 0; count < 4; count += 1) await a.take();
      await b.findsNothing();
      await c.findsNothing();
      b.clock.advance(leaseMs);
      c.clock.advance(leaseMs);
      const leases = [await b.take(), await c.take(), await b.take(), await c.take()];
      expect(leases.map(({ attempt, from }) => [attempt, from?.worker])).toEqual(
        leases.map(() => [2, a.name]),
      );
      expect(leases.map((lease) => numberOf(lease.item)).sort()).toEqual([1, 2, 3, 4]);
      await b.findsNothing();
    });
  });

  describe(`${name}: a worker that comes back`, () => {
    const ways: Record<string, (lease: Lease) => Promise<unknown>> = {
      finish: (lease) => lease.finish(),
      release: (lease) => lease.release(),
      fail: async (lease) => expect(await lease.fail('late')).toBe('handed out again'),
    };
    for (const [way, settle] of Object.entries(ways)) {
      test(`${way} after the takeover changes nothing, and tells it`, async () => {
        const place = await makePlace();
        const { a, b, lease } = await watched(place);
        b.clock.advance(leaseMs);
        const over = await b.take();
        await place.synced();
        await settle(lease);
        expect([lease.lost.aborted, over.lost.aborted]).toEqual([true, false]);
        expect(await a.standings()).toEqual([`1 taken 2 ${b.name}`]);
        await a.findsNothing();
        await over.finish();
        expect(await a.standings()).toEqual(['1 finished']);
      });
    }

    test('learns of the takeover with its next beat', async () => {
      const place = await makePlace();
      const { a, b, lease } = await watched(place);
      b.clock.advance(leaseMs);
      const over = await b.take();
      await a.beat();
      expect([lease.lost.aborted, over.lost.aborted]).toEqual([true, false]);
      await b.beat();
      expect(over.lost.aborted).toBe(false);
    });

    test('keeps what nobody has taken over', async () => {
      const place = await makePlace();
      const { a, b, lease } = await watched(place);
      b.clock.advance(5 * leaseMs);
      await a.beat();
      await b.findsNothing();
      b.clock.advance(leaseMs - 1);
      await b.findsNothing();
      b.clock.advance(100 * leaseMs);
      await lease.finish();
      expect(lease.lost.aborted).toBe(false);
      await b.findsNothing();
      expect(await b.standings()).toEqual(['1 finished']);
    });
  });

  describe(`${name}: items that workers are lost with`, () => {
    test('are parked once their attempts are used up, with the reason', async () => {
      const place = await makePlace();
      const { a, b } = await watched(place);
      b.clock.advance(leaseMs);
      await b.take();
      await a.findsNothing();
      a.clock.advance(leaseMs);
      expect((await a.take()).attempt).toBe(3);
      await b.findsNothing();
      b.clock.advance(leaseMs);
      await b.findsNothing();
      expect(await a.standings()).toEqual([`1 parked 3 ${lostReason(3, a.name)}`]);
      expect(lostReason(3, 'W')).toBe(
        'It was handed out 3 times, and nothing more was heard of its last worker, W.',
      );
      expect(await b.queue.unpark(run)).toEqual([item(1)]);
      const anew = await b.take();
      expect([anew.attempt, anew.from]).toEqual([1, null]);
    });

    test('count together with failures', async () => {
      const place = await makePlace();
      const [a, b] = [await TestWorker.join(place, 'A'), await TestWorker.join(place, 'B')];
      await a.queue.offer(run, items(1), { leaseMs, attemptsMax: 2 });
      await (await a.take()).fail('first reason');
      expect((await a.take()).attempt).toBe(2);
      await b.findsNothing();
      b.clock.advance(leaseMs);
      await b.findsNothing();
      expect(await a.standings()).toEqual([`1 parked 2 ${lostReason(2, a.name)}`]);
    });

    test('do not stand in the way of what follows', async () => {
      const place = await makePlace();
      const [a, b] = [await TestWorker.join(place, 'A'), await TestWorker.join(place, 'B')];
      await a.queue.offer(run, items(1), { leaseMs, attemptsMax: 1 });
      await a.take();
      await b.findsNothing();
      b.clock.advance(leaseMs);
      await b.queue.offer(run, items(1, 2), { leaseMs, attemptsMax: 1 });
      expect((await b.take()).item).toEqual(item(2));
    });
  });
}

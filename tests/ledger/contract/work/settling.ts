import { describe, expect, test } from 'vitest';
import { item, items, leaseMs, run } from './queue-items.ts';
import { TestWorker } from './test-worker.ts';
import type { MakePlace } from './work-queue-place.ts';

const terms = { leaseMs, attemptsMax: 3 };

export function settling(name: string, makePlace: MakePlace): void {
  describe(`${name}: giving back`, () => {
    test('being released is no attempt, however often', async () => {
      const place = await makePlace();
      const [a, b] = [await TestWorker.join(place, 'A'), await TestWorker.join(place, 'B')];
      await a.queue.offer(run, items(1), terms);
      await (await a.take()).release();
      for (let count = 0; count < 4; count += 1) {
        const ofB = await b.take();
        expect([ofB.attempt, ofB.from]).toEqual([1, { worker: a.name, why: 'released' }]);
        await ofB.release();
        const ofA = await a.take();
        expect([ofA.attempt, ofA.from]).toEqual([1, { worker: b.name, why: 'released' }]);
        await ofA.release();
      }
      expect(await b.standings()).toEqual(['1 waiting 0']);
    });

    test('a failed attempt counts, and after the last one the item is parked with its reason', async () => {
      const place = await makePlace();
      const [a, b] = [await TestWorker.join(place, 'A'), await TestWorker.join(place, 'B')];
      await a.queue.offer(run, items(1), terms);
      expect(await (await a.take()).fail('first reason')).toBe('handed out again');
      expect(await b.standings()).toEqual(['1 waiting 1']);
      const second = await b.take();
      expect([second.attempt, second.from]).toEqual([2, { worker: a.name, why: 'failed' }]);
      expect(await second.fail('second reason')).toBe('handed out again');
      const third = await b.take();
      expect([third.attempt, third.from]).toEqual([3, { worker: b.name, why: 'failed' }]);
      expect(await third.fail('third reason')).toBe('parked');
      expect(await a.standings()).toEqual(['1 parked 3 third reason']);
      await a.findsNothing();
      await b.queue.offer(run, items(1), terms);
      await a.findsNothing();
      expect(await a.standings()).toEqual(['1 parked 3 third reason']);
    });

    test('a release between failures takes back no failure', async () => {
      const place = await makePlace();
      const a = await TestWorker.join(place, 'A');
      await a.queue.offer(run, items(1), { leaseMs, attemptsMax: 2 });
      await (await a.take()).fail('first reason');
      await (await a.take()).release();
      expect(await a.standings()).toEqual(['1 waiting 1']);
      const last = await a.take();
      expect([last.attempt, last.from]).toEqual([2, { worker: a.name, why: 'released' }]);
      expect(await last.fail('second reason')).toBe('parked');
    });

    test('what a lease says after it was settled changes nothing', async () => {
      const place = await makePlace();
      const a = await TestWorker.join(place, 'A');
      await a.queue.offer(run, items(1), terms);
      const lease = await a.take();
      await lease.release();
      await lease.finish();
      await lease.release();
      expect(await lease.fail('late')).toBe('handed out again');
      expect(await a.standings()).toEqual(['1 waiting 0']);
      const again = await a.take();
      await again.finish();
      await again.release();
      expect(await again.fail('late')).toBe('handed out again');
      expect(await a.standings()).toEqual(['1 finished']);
      expect([lease.lost.aborted, again.lost.aborted]).toEqual([false, false]);
    });

    test('one who settles late does not disturb the next holder, even where that is the same worker', async () => {
      const place = await makePlace();
      const a = await TestWorker.join(place, 'A');
      await a.queue.offer(run, items(1), terms);
      const first = await a.take();
      await first.release();
      const second = await a.take();
      await first.finish();
      await first.fail('late');
      expect(await a.standings()).toEqual([`1 taken 1 ${a.name}`]);
      await second.finish();
      expect(await a.standings()).toEqual(['1 finished']);
    });
  });

  describe(`${name}: unparking`, () => {
    test('gives parked items all their attempts again, and says which', async () => {
      const place = await makePlace();
      const [a, b] = [await TestWorker.join(place, 'A'), await TestWorker.join(place, 'B')];
      const once = { leaseMs, attemptsMax: 1 };
      await a.queue.offer(run, items(1, 2, 3), once);
      expect(await a.queue.unpark(run)).toEqual([]);
      for (let count = 0; count < 3; count += 1) await (await a.take()).fail('no room');
      const parked = ['1 parked 1 no room', '2 parked 1 no room', '3 parked 1 no room'];
      expect(await a.standings()).toEqual(parked);
      await place.synced();
      expect(await b.queue.unpark(run)).toEqual([item(1), item(2), item(3)]);
      expect(await a.standings()).toEqual(['1 waiting 0', '2 waiting 0', '3 waiting 0']);
      expect(await b.queue.unpark(run)).toEqual([]);
      for (const worker of [a, b, a]) {
        const lease = await worker.take();
        expect([lease.attempt, lease.from]).toEqual([1, null]);
        await lease.finish();
      }
      expect(await b.standings()).toEqual(['1 finished', '2 finished', '3 finished']);
    });

    test('wakes whoever waits', async () => {
      const place = await makePlace();
      const [a, b] = [await TestWorker.join(place, 'A'), await TestWorker.join(place, 'B')];
      await a.queue.offer(run, items(1), { leaseMs, attemptsMax: 1 });
      await (await a.take()).fail('no room');
      const waiting = b.take();
      await place.synced();
      await a.queue.unpark(run);
      expect((await waiting).item).toEqual(item(1));
    });
  });
}

import { describe, expect, onTestFinished, test } from 'vitest';
import type { StreamName } from '../../../../src/kernel/brand.ts';
import { systemClock } from '../../../../src/kernel/clock.ts';
import { item, items, leaseMs, never, numberOf, run, workerName } from './queue-items.ts';
import { TestWorker } from './test-worker.ts';
import type { MakePlace } from './work-queue-place.ts';

const terms = { leaseMs, attemptsMax: 3 };

export function offeringAndTaking(name: string, makePlace: MakePlace): void {
  describe(`${name}: offering and taking`, () => {
    test('what is offered is listed in the order of offering, once, whoever offers it again', async () => {
      const place = await makePlace();
      const [a, b] = [await TestWorker.join(place, 'A'), await TestWorker.join(place, 'B')];
      expect(await a.standings()).toEqual([]);
      await a.queue.offer(run, items(3, 1, 2), terms);
      await a.queue.offer(run, items(3, 1, 2), terms);
      await place.synced();
      await b.queue.offer(run, items(2, 4, 3), terms);
      const expected = ['3 waiting 0', '1 waiting 0', '2 waiting 0', '4 waiting 0'];
      expect(await a.standings()).toEqual(expected);
      expect(await b.standings()).toEqual(expected);
    });

    test('a lease names its item, the first attempt, and nobody it was taken from', async () => {
      const place = await makePlace();
      const a = await TestWorker.join(place, 'A');
      await a.queue.offer(run, items(1), terms);
      const lease = await a.take();
      expect([lease.item, lease.attempt, lease.from, lease.lost.aborted]).toEqual([item(1), 1, null, false]);
      expect(await a.standings()).toEqual([`1 taken 1 ${workerName('A')}`]);
      await a.findsNothing();
    });

    test('many takers in several processes take every item once', async () => {
      const place = await makePlace();
      const workers = await Promise.all(['A', 'B', 'C'].map((letter) => TestWorker.join(place, letter)));
      const numbers = Array.from({ length: 30 }, (_, at) => at);
      await workers[0]?.queue.offer(run, items(...numbers), terms);
      const taken: string[] = [];
      const takers = workers.flatMap((worker) => [worker, worker]);
      await Promise.all(
        takers.map(async (worker) => {
          for (let count = 0; count < 5; count += 1) {
            const lease = await worker.take();
            taken.push(`${numberOf(lease.item)} taken ${lease.attempt} ${worker.name}`);
            if (numberOf(lease.item) % 2 === 0) await lease.finish();
          }
        }),
      );
      for (const worker of workers) await worker.findsNothing();
      const expected = numbers.map((number) =>
        number % 2 === 0 ? `${number} finished` : taken.find((line) => line.startsWith(`${number} `)),
      );
      expect(taken.length).toBe(30);
      expect(await workers[1]?.standings()).toEqual(expected);
    });

    test('runs know nothing of each other', async () => {
      const other = 'run-01J8XK3QZV00000000000OTHER' as StreamName;
      const place = await makePlace();
      const a = await TestWorker.join(place, 'A');
      await a.queue.offer(run, items(1), terms);
      await a.findsNothing(other);
      await a.queue.offer(other, [item(1, other)], terms);
      expect((await a.take(other)).item).toEqual(item(1, other));
      await a.findsNothing(other);
      expect(await a.standings()).toEqual(['1 waiting 0']);
      expect((await a.take()).item).toEqual(item(1));
    });

    test('what is finished stays finished when it is offered again', async () => {
      const place = await makePlace();
      const [a, b] = [await TestWorker.join(place, 'A'), await TestWorker.join(place, 'B')];
      await a.queue.offer(run, items(1), terms);
      await (await a.take()).finish();
      await place.synced();
      await b.queue.offer(run, items(1), terms);
      expect(await b.standings()).toEqual(['1 finished']);
      await a.findsNothing();
      await b.findsNothing();
    });

    test('a run that is withdrawn is forgotten, also by who still holds something of it', async () => {
      const place = await makePlace();
      const [a, b] = [await TestWorker.join(place, 'A'), await TestWorker.join(place, 'B')];
      await a.queue.offer(run, items(1, 2), terms);
      const lease = await a.take();
      await (await a.take()).finish();
      await place.synced();
      await b.queue.withdraw(run);
      await b.queue.withdraw(run);
      expect(await a.standings()).toEqual([]);
      await a.findsNothing();
      await lease.finish();
      expect(await b.standings()).toEqual([]);
      await b.queue.withdraw('run-01J8XK3QZV00000000000NEVER' as StreamName);
    });
  });

  describe(`${name}: waiting for something to take`, () => {
    test('whoever waits is woken by what is offered, released or failed elsewhere', async () => {
      const place = await makePlace();
      const [a, b] = [await TestWorker.join(place, 'A'), await TestWorker.join(place, 'B')];
      const first = b.take();
      await a.queue.offer(run, items(1), terms);
      const offered = await first;
      expect([offered.item, offered.attempt]).toEqual([item(1), 1]);
      const second = a.take();
      await offered.release();
      const released = await second;
      expect([released.attempt, released.from]).toEqual([1, { worker: b.name, why: 'released' }]);
      const third = b.take();
      await released.fail('the model is away');
      const failed = await third;
      expect([failed.attempt, failed.from]).toEqual([2, { worker: a.name, why: 'failed' }]);
    });

    test('waiting ends with null after its time, and not before', async () => {
      const place = await makePlace();
      const { queue, close } = await place.open(systemClock);
      onTestFinished(close);
      const startedMs = systemClock.monotonic();
      expect(await queue.take(run, workerName('A'), 150, never)).toBeNull();
      expect(systemClock.monotonic() - startedMs).toBeGreaterThanOrEqual(150);
    });

    test('waiting ends with null when it is called off, and takes nothing with it', async () => {
      const place = await makePlace();
      const [a, b] = [await TestWorker.join(place, 'A'), await TestWorker.join(place, 'B')];
      const calledOff = new AbortController();
      const waiting = a.queue.take(run, a.name, 1_000_000, calledOff.signal);
      calledOff.abort();
      expect(await waiting).toBeNull();
      await b.queue.offer(run, items(1), terms);
      await place.synced();
      expect(await a.queue.take(run, a.name, 1_000_000, calledOff.signal)).toBeNull();
      expect((await b.take()).attempt).toBe(1);
    });
  });
}

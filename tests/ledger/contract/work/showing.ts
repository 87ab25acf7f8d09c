import { describe, expect, test } from 'vitest';
import { item, items, leaseMs, numberOf, run } from './queue-items.ts';
import { TestWorker } from './test-worker.ts';
import type { MakePlace } from './work-queue-place.ts';

export function showing(name: string, makePlace: MakePlace): void {
  describe(`${name}: what is going on`, () => {
    test('the last pulse of every worker, by name, as it was given', async () => {
      const place = await makePlace();
      const [b, a] = [await TestWorker.join(place, 'B'), await TestWorker.join(place, 'A')];
      expect(await a.queue.pulses()).toEqual([]);
      await b.beat();
      await a.beat();
      const second = { ...b.pulse(), working: [item(1)], capabilities: ['language:python', 'sandbox:wasm'] };
      await b.queue.beat(second);
      await place.synced();
      const first = {
        ...{ worker: a.name, beat: 1, at: a.clock.now(), slots: 2 },
        ...{ capabilities: ['sandbox:wasm'], working: [], draining: false },
      };
      expect(await a.queue.pulses()).toEqual([first, second]);
      const last = { ...b.pulse(), draining: true };
      await b.queue.beat(last);
      await place.synced();
      expect(await a.queue.pulses()).toEqual([first, last]);
      expect([second.beat, last.beat]).toEqual([2, 3]);
    });

    test('a worker that took something without a pulse is in no list of pulses', async () => {
      const place = await makePlace();
      const a = await TestWorker.join(place, 'A');
      await a.queue.offer(run, items(1), { leaseMs, attemptsMax: 1 });
      await a.take();
      await place.synced();
      expect(await a.queue.pulses()).toEqual([]);
    });

    test('how every item stands, in the order of offering', async () => {
      const place = await makePlace();
      const a = await TestWorker.join(place, 'A');
      const numbers = [4, 2, 5, 1, 3];
      await a.queue.offer(run, items(...numbers), { leaseMs, attemptsMax: 2 });
      const [finished, held, failed, released] = [
        await a.take(),
        await a.take(),
        await a.take(),
        await a.take(),
      ];
      await finished.finish();
      await failed.fail('no room');
      await released.release();
      const of = new Map([
        [numberOf(finished.item), 'finished'],
        [numberOf(held.item), `taken 1 ${a.name}`],
        [numberOf(failed.item), 'waiting 1'],
      ]);
      expect(of.size).toBe(3);
      const expected = numbers.map((number) => `${number} ${of.get(number) ?? 'waiting 0'}`);
      expect(await a.standings()).toEqual(expected);
    });
  });
}

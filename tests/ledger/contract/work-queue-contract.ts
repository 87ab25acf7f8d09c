import { expect, test } from 'vitest';
import { anyHistory } from './work/any-history.ts';
import { lapsing } from './work/lapsing.ts';
import { offeringAndTaking } from './work/offering-and-taking.ts';
import { items, leaseMs, numberOf, run } from './work/queue-items.ts';
import { settling } from './work/settling.ts';
import { showing } from './work/showing.ts';
import { TestWorker } from './work/test-worker.ts';
import type { MakePlace } from './work/work-queue-place.ts';

/**
 * What every queue must do, with exact values, in any order of handing out. Several processes are several queues that are opened
 * over one place, each with a clock of its own, an hour and more from the others.
 *
 * @param histories how many random histories are compared with a model
 */
export function workQueueContract(name: string, makePlace: MakePlace, histories: number): void {
  offeringAndTaking(name, makePlace);
  settling(name, makePlace);
  lapsing(name, makePlace);
  showing(name, makePlace);
  anyHistory(name, makePlace, histories);
}

/** What a queue must do beyond that which has all items in view whenever it hands one out. */
export function orderedQueueContract(name: string, makePlace: MakePlace): void {
  test(`${name}: items are handed out in the order of offering, and what is given back keeps its place`, async () => {
    const place = await makePlace();
    const [a, b] = [await TestWorker.join(place, 'A'), await TestWorker.join(place, 'B')];
    await a.queue.offer(run, items(5, 3, 4), { leaseMs, attemptsMax: 3 });
    await b.queue.offer(run, items(4, 1), { leaseMs, attemptsMax: 3 });
    const leases = [await a.take(), await b.take(), await a.take()];
    expect(leases.map((lease) => numberOf(lease.item))).toEqual([5, 3, 4]);
    await leases[2]?.release();
    await leases[0]?.fail('no room');
    await b.findsNothingBut([5, 4, 1]);
    a.clock.advance(leaseMs);
    await a.findsNothing();
    a.clock.advance(leaseMs);
    await a.findsNothingBut([5, 3, 4, 1]);
  });
}

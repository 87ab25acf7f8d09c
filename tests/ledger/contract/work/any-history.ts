import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attemptsMax, ModelOfQueue } from './model-of-queue.ts';
import { items, leaseMs, numberOf, run } from './queue-items.ts';
import { TestWorker } from './test-worker.ts';
import type { MakePlace } from './work-queue-place.ts';

type Step =
  | { readonly kind: 'offer'; readonly worker: number; readonly numbers: readonly number[] }
  | { readonly kind: 'take' | 'beat' | 'unpark'; readonly worker: number }
  | { readonly kind: 'finish' | 'release' | 'fail'; readonly lease: number }
  | { readonly kind: 'pass'; readonly worker: number; readonly leases: number };

const worker = fc.nat(2);
const weighted = (weight: number, arbitrary: fc.Arbitrary<Step>): fc.WeightedArbitrary<Step> => ({
  weight,
  arbitrary,
});
const ofWorker = (kind: 'take' | 'beat' | 'unpark'): fc.Arbitrary<Step> =>
  fc.record({ kind: fc.constant(kind), worker });
const ofLease = (kind: 'finish' | 'release' | 'fail'): fc.Arbitrary<Step> =>
  fc.record({ kind: fc.constant(kind), lease: fc.nat(40) });
const step: fc.Arbitrary<Step> = fc.oneof(
  weighted(2, fc.record({ kind: fc.constant('offer' as const), worker, numbers: fc.array(fc.nat(5)) })),
  weighted(8, ofWorker('take')),
  weighted(3, ofWorker('beat')),
  weighted(1, ofWorker('unpark')),
  weighted(1, ofLease('finish')),
  weighted(2, ofLease('release')),
  weighted(3, ofLease('fail')),
  weighted(
    4,
    fc.record({ kind: fc.constant('pass' as const), worker, leases: fc.constantFrom(0.4, 0.6, 1, 3) }),
  ),
);

/** @param histories how many are tried */
export function anyHistory(name: string, makePlace: MakePlace, histories: number): void {
  describe(`${name}: any history`, () => {
    test('gives nothing to two workers that live, and loses nothing', async () => {
      const property = fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) =>
        checkAgainstModel(makePlace, steps),
      );
      await fc.assert(property, { numRuns: histories });
    });
  });
}

async function checkAgainstModel(makePlace: MakePlace, steps: readonly Step[]): Promise<void> {
  const place = await makePlace();
  const workers = await Promise.all(['A', 'B', 'C'].map((letter) => TestWorker.join(place, letter)));
  const [first] = workers;
  if (first === undefined) throw new Error('unreachable');
  const model = new ModelOfQueue();
  const takeAndCheck = async (taker: TestWorker): Promise<boolean> => {
    const lease = await taker.look();
    model.looked(taker, lease, await taker.standings());
    if (lease !== null) model.sign(taker, workers);
    return lease !== null;
  };
  const act = async (one: Step): Promise<void> => {
    if ('lease' in one) {
      const given = model.leases[one.lease % Math.max(1, model.leases.length)];
      if (given === undefined) return;
      await place.synced();
      if (one.kind === 'fail') await given.lease.fail('no room');
      else await given.lease[one.kind]();
      model.settled(given, one.kind, await first.standings());
      return;
    }
    const actor = workers[one.worker] ?? first;
    if ('leases' in one) actor.clock.advance(one.leases * leaseMs);
    else if ('numbers' in one) {
      await actor.queue.offer(run, items(...one.numbers), { leaseMs, attemptsMax });
      model.offered(one.numbers);
    } else if (one.kind === 'take') await takeAndCheck(actor);
    else if (one.kind === 'unpark') {
      await place.synced();
      model.unparked((await actor.queue.unpark(run)).map(numberOf));
    } else {
      await actor.beat();
      model.sign(actor, workers);
    }
  };
  for (const one of [{ kind: 'offer', worker: 0, numbers: [0, 1] } as const, ...steps]) {
    await act(one);
    expect(await first.standings()).toEqual(model.standings());
    model.checkHolders();
  }
  // Whoever comes when all others are gone gets everything that is left, and finishes it.
  const last = await TestWorker.join(place, 'D');
  workers.push(last);
  for (const one of workers) model.sign(one, [last]);
  await takeAndCheck(last);
  for (let round = 0; model.open > 0; round += 1) {
    expect(round).toBeLessThan(20);
    last.clock.advance(leaseMs);
    await place.synced();
    model.unparked((await last.queue.unpark(run)).map(numberOf));
    while (await takeAndCheck(last));
    for (const given of model.leases) {
      if (given.worker !== last) continue;
      await given.lease.finish();
      model.settled(given, 'finish', await last.standings());
    }
  }
  expect(await first.standings()).toEqual(model.standings());
}

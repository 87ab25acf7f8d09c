import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { StreamName } from '../../../../src/kernel/brand.ts';
import { systemClock } from '../../../../src/kernel/clock.ts';
import { seededIdSource } from '../../../../src/kernel/id-source.ts';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { Ledger } from '../../../../src/ledger/ledger.ts';
import { checkSnapshots } from '../../../../src/ledger/snapshots/check-snapshots.ts';
import type { Foldable } from '../../../../src/ledger/snapshots/foldable.ts';
import { readProjection } from '../../../../src/ledger/snapshots/read-projection.ts';
import { openEventstoreStore } from '../../../../src/ledger/stores/eventstore/open-eventstore-store.ts';
import { usualTimings } from '../../../../src/ledger/stores/eventstore/patience.ts';
import { testLedger } from '../../../wire/test-ledger.ts';
import { eventDraft, realRecords } from '../../event-factory.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { countingClient } from './counting-client.ts';
import { all, OrderFixture, rootOf } from './order-fixture.ts';

test('opening behind a warm index asks the server for a handful of events, however long the ledger is', async () => {
  const fixture = await OrderFixture.start();
  const cacheDirectory = temporaryDirectory();
  for (let from = 0; from < 5000; from += 500) {
    await fixture.append(
      'a',
      from - 1,
      Array.from({ length: 500 }, (_, index) => `${from + index}`),
    );
  }
  await fixture.flood(1000);
  const first = await fixture.open({ cacheDirectory });
  expect((await first.order.head()).size).toBe(5000);
  await first.order.close();
  await fixture.append('b', -1, ['new']);
  const counted = countingClient();
  const { order, notes } = await fixture.open({ cacheDirectory, through: counted.through });
  const { root } = await fixture.reference();
  expect([(await order.head()).size, await rootOf(order)]).toEqual([5001, root]);
  expect((await Array.fromAsync(order.readLeaves(0))).flat().length).toBe(5001);
  expect(await Array.fromAsync(order.streams(''))).toEqual(['a', 'b']);
  expect(await all(order.readAll(5000))).toEqual(['5000 b/0 new']);
  expect(counted.events()).toBeLessThanOrEqual(10);
  expect(notes).toEqual([]);
  const [file] = readdirSync(cacheDirectory).filter((name) => name.endsWith('.order'));
  expect(statSync(join(cacheDirectory, file as string)).mode & 0o777).toBe(0o600);
});

test('two orders of one cache directory at the same time see the same, and so does whoever comes after', async () => {
  const fixture = await OrderFixture.start();
  const cacheDirectory = temporaryDirectory();
  const orders = [await fixture.open({ cacheDirectory }), await fixture.open({ cacheDirectory })];
  for (let from = 0; from < 6000; from += 500) {
    await fixture.append(
      'a',
      from - 1,
      Array.from({ length: 500 }, (_, index) => `${from + index}`),
    );
    if (from % 1000 === 0) await orders[(from / 1000) % 2]?.order.head();
  }
  const { root } = await fixture.reference();
  for (const { order } of orders) expect(await rootOf(order)).toBe(root);
  await Promise.all(orders.map(({ order }) => order.close()));
  const counted = countingClient();
  const { order } = await fixture.open({ cacheDirectory, through: counted.through });
  expect(await rootOf(order)).toBe(root);
  expect(counted.events()).toBeLessThanOrEqual(10);
  for (const { notes } of orders) expect(notes).toEqual([]);
});

test('what a process knew but had not written when it ended is read again', async () => {
  const fixture = await OrderFixture.start();
  const cacheDirectory = temporaryDirectory();
  const { order } = await fixture.open({ cacheDirectory });
  await fixture.append('a', -1, ['one', 'two']);
  // Not closed: as if it had been killed.
  expect((await order.head()).size).toBe(2);
  const again = await fixture.open({ cacheDirectory });
  expect(await all(again.order.readAll(0))).toEqual(['0 a/0 one', '1 a/1 two']);
});

test('a projection of a ledger on a server goes on from its snapshot, also in another process', async () => {
  const { address } = await testLedger();
  const cacheDirectory = join(temporaryDirectory(), 'cache');
  mkdirSync(cacheDirectory);
  let folded = 0;
  const counting: Foldable<{ count: number }> = {
    name: 'counting',
    version: 1,
    initialState: () => ({ count: 0 }),
    evolve: ({ count }) => {
      folded += 1;
      return { count: count + 1 };
    },
  };
  const open = async (): Promise<Ledger> => {
    const store = await openEventstoreStore({
      address,
      ...({ mode: 'write', create: true, scope: 'ledger', cacheDirectory, clock: systemClock } as const),
      random: seededRandom('snapshots'),
      newLedgerId: () => 'ledger-of-snapshots',
      note: () => undefined,
      timings: usualTimings,
    });
    const ledger = new Ledger(store, systemClock, seededIdSource(systemClock, seededRandom('snapshots')));
    onTestFinished(() => ledger.close());
    return ledger;
  };
  const stream = 'run-1' as StreamName;
  const drafts = Array.from({ length: 300 }, (_, number) => eventDraft(number));
  const records = realRecords(stream, 0, drafts);
  const first = await open();
  await first.store.append({ stream, expectedRevision: -1, records: records.slice(0, 299), blobs: [] });
  expect(await readProjection(first, counting, 10)).toEqual({ count: 299 });
  await first.close();
  expect(folded).toBe(299);
  const second = await open();
  await second.store.append({ stream, expectedRevision: 298, records: records.slice(299), blobs: [] });
  expect(await readProjection(second, counting, 10)).toEqual({ count: 300 });
  expect(folded).toBe(300);
  expect(await checkSnapshots(second, [counting])).toEqual([]);
});

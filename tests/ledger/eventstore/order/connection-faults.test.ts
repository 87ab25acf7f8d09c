import { afterEach, expect, onTestFinished, test } from 'vitest';
import type { StreamName } from '../../../../src/kernel/brand.ts';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { leafHash } from '../../../../src/ledger/audit/tree-hash.ts';
import type { FaultRule } from '../../../wire/server/faults.ts';
import { realServer } from '../../../wire/test-ledger.ts';
import { countingClient } from './counting-client.ts';
import { OrderFixture, rootOf } from './order-fixture.ts';

const onWireServer = test.skipIf(realServer !== null);
let fixture: OrderFixture;

afterEach(async () => {
  await fixture.ledger.server?.setFaults([]);
});

onWireServer(
  'a follower goes on behind cut connections and restarts, without gap or repetition',
  async () => {
    fixture = await OrderFixture.start();
    const { order } = await fixture.open();
    const end = new AbortController();
    onTestFinished(() => end.abort());
    const records: string[] = [];
    const following = (async () => {
      for await (const { position, stream, revision } of order.subscribe(0, end.signal)) {
        records.push(`${position} ${stream}/${revision}`);
        if (position === 11) return;
      }
    })();
    for (let round = 0; round < 4; round += 1) {
      await fixture.append(
        'a',
        round * 3 - 1,
        ['one', 'two', 'three'].map((text) => `${round} ${text}`),
      );
      if (round % 2 === 0) await fixture.ledger.server?.restart();
      else await fixture.ledger.server?.cutConnections();
      // The first call after a broken connection only finds that out.
      await fixture.client
        .readAll({ from: 'end', direction: 'backwards', countMax: 1 }, 5_000)
        .catch(() => null);
    }
    await following;
    expect(records).toEqual(Array.from({ length: 12 }, (_, index) => `${index} a/${index}`));
    expect(await rootOf(order)).toBe((await fixture.reference()).root);
  },
);

onWireServer('a following that goes mute is found out by whoever waits, and replaced', async () => {
  fixture = await OrderFixture.start();
  const { order } = await fixture.open();
  const [first, second] = [fixture.events(['one']), fixture.events(['two'])];
  const append = async (expected: number, events: typeof first): Promise<readonly number[]> => {
    await fixture.client.append(`${fixture.ledger.prefix}.a`, expected, events, 5_000);
    return order.placed(
      'a' as StreamName,
      expected + 1,
      events.map(({ data }) => leafHash(data)),
    );
  };
  expect(await append(-1, first)).toEqual([0]);
  // Every message of a subscription from now on is held back for a minute.
  await fixture.ledger.server?.setFaults([{ operation: 'message', fault: 'slow', delayMs: 60_000 }]);
  expect(await append(0, second)).toEqual([1]);
  expect((await order.head()).size).toBe(2);
});

onWireServer('reading goes on where a connection broke in the middle', async () => {
  fixture = await OrderFixture.start();
  for (let from = 0; from < 2000; from += 500) {
    await fixture.append(
      'a',
      from - 1,
      Array.from({ length: 500 }, (_, index) => `${from + index}`),
    );
  }
  const { order } = await fixture.open();
  expect((await order.head()).size).toBe(2000);
  const rules: FaultRule[] = [{ operation: 'message', fault: 'drop before commit', calls: [300, 900] }];
  await fixture.ledger.server?.setFaults(rules);
  const texts = (await Array.fromAsync(order.readTexts(0))).flat();
  expect(texts.length).toBe(2000);
  expect(texts).toEqual(Array.from({ length: 2000 }, (_, index) => `{"text":"${index}","type":"Noted"}`));
  expect((await fixture.ledger.server?.faultCounts())?.['message: drop before commit']).toBe(2);
});

onWireServer('a server that stays away is a coded error once patience is over, and no fault', async () => {
  fixture = await OrderFixture.start();
  await fixture.append('a', -1, ['one']);
  const { order } = await fixture.open({ patienceMs: 200 });
  expect((await order.head()).size).toBe(1);
  await fixture.ledger.server?.setFaults([{ operation: 'read all', fault: 'not ready' }]);
  await expect(order.head()).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE' });
  await fixture.ledger.server?.setFaults([]);
  expect((await order.head()).size).toBe(1);
});

test('others who flood the database change nothing, and little is read because of them', async () => {
  fixture = await OrderFixture.start();
  const counted = countingClient();
  const { order } = await fixture.open({ through: counted.through });
  await fixture.append('a', -1, ['one']);
  expect((await order.head()).size).toBe(1);
  counted.reset();
  for (let round = 0; round < 10; round += 1) {
    await fixture.flood(2000);
    await fixture.append('a', round, [`${round}`]);
    await fixture.flood(50);
    expect((await order.head()).size).toBe(round + 2);
  }
  const { root } = await fixture.reference();
  expect(await rootOf(order)).toBe(root);
  // Of 20,500 events of others: what lies behind the last checkpoint when it is asked, not what was sent before.
  expect(counted.events()).toBeLessThan(12_000);
});

onWireServer(
  'several writers under faults: every order is the order of the log',
  async () => {
    const seed = `order-${process.env['PAWL_SEED'] ?? 1}`;
    console.log(`seed ${seed}`);
    const random = seededRandom(seed);
    fixture = await OrderFixture.start();
    const orders = await Promise.all([1, 2, 3].map(() => fixture.open({ callTimeoutMs: 1_000 })));
    const end = new AbortController();
    onTestFinished(() => end.abort());
    const total = 300;
    const followed = orders.map(async ({ order }) => {
      const records: string[] = [];
      for await (const { position, stream, revision } of order.subscribe(0, end.signal)) {
        records.push(`${position} ${stream}/${revision}`);
        if (records.length === total) break;
      }
      return records;
    });
    await fixture.ledger.server?.setFaults(
      [
        { operation: 'message', fault: 'drop before commit', probability: 0.01 },
        { operation: 'message', fault: 'drop after commit', probability: 0.01 },
        { operation: 'subscribe', fault: 'mute', probability: 0.1, timesMax: 1 },
        { operation: 'subscribe', fault: 'subscription dropped', probability: 0.2 },
        { operation: 'read all', fault: 'unknown error', probability: 0.1 },
        { operation: 'read all', fault: 'not ready', probability: 0.1 },
      ],
      random.int(1, 1e9),
    );
    const writers = ['a', 'b', 'c'].map(async (stream) => {
      for (let revision = -1; revision < total / 3 - 1; revision += 1) {
        const events = fixture.events([`${stream} ${revision}`]);
        for (let isStored = false; !isStored; ) {
          isStored = await fixture.client
            .append(`${fixture.ledger.prefix}.${stream}`, revision, events, 5_000)
            .then(
              () => true,
              () => false,
            );
        }
      }
    });
    await Promise.all(writers);
    const seen = await Promise.all(followed);
    await fixture.ledger.server?.setFaults([]);
    const reference = await fixture.reference();
    const places = reference.records.map((record) => record.split(' ').slice(0, 2).join(' '));
    expect(places.length).toBe(total);
    for (const records of seen) expect(records).toEqual(places);
    for (const { order } of orders) expect(await rootOf(order)).toBe(reference.root);
  },
  60_000,
);

onWireServer('whoever leaves while the server is mute is let go at once', async () => {
  fixture = await OrderFixture.start();
  await fixture.append(
    'a',
    -1,
    Array.from({ length: 1000 }, (_, index) => `${index}`),
  );
  const { order } = await fixture.open();
  expect((await order.head()).size).toBe(1000);
  await fixture.ledger.server?.setFaults([{ operation: 'subscribe', fault: 'mute' }]);
  const end = new AbortController();
  const following = Array.fromAsync(order.subscribe(0, end.signal));
  const reading = Array.fromAsync(order.readAll(0));
  reading.catch(() => undefined);
  await order.head();
  end.abort();
  expect(await following).toEqual([]);
  await order.close();
  await expect(reading).rejects.toMatchObject({ code: 'LEDGER_CLOSED' });
});

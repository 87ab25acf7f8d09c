import { expect, onTestFinished, test } from 'vitest';
import type { StreamName } from '../../../../src/kernel/brand.ts';
import { leafHash } from '../../../../src/ledger/audit/tree-hash.ts';
import { all, OrderFixture, rootOf } from './order-fixture.ts';

test('records of several streams have the positions of the log, with the tree over them', async () => {
  const fixture = await OrderFixture.start();
  await fixture.append('a', -1, ['one', 'two']);
  await fixture.flood(3);
  await fixture.append('b', -1, ['three']);
  await fixture.append('a', 1, ['four']);
  const { order } = await fixture.open();
  expect(await all(order.readAll(0))).toEqual(['0 a/0 one', '1 a/1 two', '2 b/0 three', '3 a/2 four']);
  expect(await all(order.readAll(2))).toEqual(['2 b/0 three', '3 a/2 four']);
  expect(await all(order.readAll(4))).toEqual([]);
  const { root } = await fixture.reference();
  expect([(await order.head()).size, await rootOf(order)]).toEqual([4, root]);
  expect(await Array.fromAsync(order.streams(''))).toEqual(['a', 'b']);
  expect(await Array.fromAsync(order.streams('b'))).toEqual(['b']);
  const texts = (await Array.fromAsync(order.readTexts(1))).flat();
  expect(texts).toEqual(['two', 'three', 'four'].map((text) => `{"text":"${text}","type":"Noted"}`));
  const leaves = (await Array.fromAsync(order.readLeaves(1))).flat();
  expect(leaves.map((leaf) => Buffer.from(leaf).toString('hex'))).toEqual(
    texts.map((text) => Buffer.from(leafHash(Buffer.from(text))).toString('hex')),
  );
});

test('an empty ledger on a busy database is empty', async () => {
  const fixture = await OrderFixture.start();
  await fixture.flood(400);
  const { order } = await fixture.open();
  expect((await order.head()).size).toBe(0);
  expect(await all(order.readAll(0))).toEqual([]);
  expect(await Array.fromAsync(order.streams(''))).toEqual([]);
});

test('what was acknowledged is placed, once the log is seen to have the leaves that were sent', async () => {
  const fixture = await OrderFixture.start();
  const { order } = await fixture.open();
  await fixture.append('a', -1, ['one']);
  const events = fixture.events(['two', 'three']);
  await fixture.client.append(`${fixture.ledger.prefix}.b`, -1, events, 5_000);
  const leaves = events.map(({ data }) => leafHash(data));
  expect(await order.placed('b' as StreamName, 0, leaves)).toEqual([1, 2]);
  expect(await order.placed('b' as StreamName, 1, leaves.slice(1))).toEqual([2]);
  await expect(order.placed('b' as StreamName, 0, leaves.toReversed())).rejects.toMatchObject({
    code: 'LEDGER_CORRUPT',
  });
});

test('followers in two processes see the same, from any position on, and what comes', async () => {
  const fixture = await OrderFixture.start();
  const orders = [await fixture.open(), await fixture.open()];
  await fixture.append('a', -1, ['one', 'two', 'three']);
  const end = new AbortController();
  onTestFinished(() => end.abort());
  const seen = orders.map(async ({ order }, index) => {
    const records: string[] = [];
    for await (const record of order.subscribe(index, end.signal)) {
      records.push(`${record.position} ${record.stream}/${record.revision}`);
      if (record.position === 5) return records;
    }
    return records;
  });
  await fixture.append('b', -1, ['four']);
  await fixture.flood(100);
  await fixture.append('a', 2, ['five', 'six']);
  const expected = ['0 a/0', '1 a/1', '2 a/2', '3 b/0', '4 a/3', '5 a/4'];
  expect(await Promise.all(seen)).toEqual([expected, expected.slice(1)]);
});

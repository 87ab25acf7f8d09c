import { expect, onTestFinished, test } from 'vitest';
import type { StreamName } from '../../../../src/kernel/brand.ts';
import { isPawlError, type PawlError } from '../../../../src/kernel/pawl-error.ts';
import { leafHash } from '../../../../src/ledger/audit/tree-hash.ts';
import type { LedgerOrder } from '../../../../src/ledger/stores/eventstore/order/ledger-order.ts';
import { realServer } from '../../../wire/test-ledger.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { all, OrderFixture } from './order-fixture.ts';

const none = { maxCount: null, maxAgeSeconds: null, truncateBefore: null };
const onWireServer = test.skipIf(realServer !== null);

/** Every way to ask, because a fault stays: code and stream of what each throws. */
async function refusals(order: LedgerOrder): Promise<string[]> {
  const never = new AbortController().signal;
  const asked = [
    () => order.head(),
    () => all(order.readAll(0)),
    () => Array.fromAsync(order.readTexts(0)),
    () => Array.fromAsync(order.readLeaves(0)),
    () => all(order.subscribe(0, never)),
    () => Array.fromAsync(order.streams('')),
    () => order.placed('a' as StreamName, 7, [leafHash(Buffer.from('x'))]),
  ];
  const refused: string[] = [];
  for (const ask of asked) {
    const error = await ask().then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!isPawlError(error)) throw error ?? new Error('It was answered.');
    refused.push(`${(error as PawlError).code} ${error.context['stream']}`);
  }
  return [...new Set(refused)];
}

onWireServer(
  'a scavenged beginning of a stream is a gap that is named, by whoever sees the ledger for the first time',
  async () => {
    const fixture = await OrderFixture.start();
    await fixture.append('a', -1, ['one', 'two', 'three']);
    await fixture.append('b', -1, ['four']);
    const name = `${fixture.ledger.prefix}.a`;
    await fixture.client.writeMetadata(name, { ...none, truncateBefore: 2 }, 5_000);
    await fixture.ledger.server?.scavenge();
    await fixture.client.writeMetadata(name, none, 5_000);
    const { order } = await fixture.open();
    expect(await refusals(order)).toEqual([`STREAM_TRUNCATED ${name}`]);
  },
);

onWireServer(
  'what was scavenged after it was seen is missed where it is read, and then everywhere',
  async () => {
    const fixture = await OrderFixture.start();
    const { prefix } = fixture.ledger;
    const cacheDirectory = temporaryDirectory();
    await fixture.append('a', -1, ['one', 'two', 'three']);
    await fixture.append('b', -1, ['four']);
    const before = await fixture.open({ cacheDirectory });
    await before.order.head();
    await before.order.close();
    await fixture.client.writeMetadata(`${prefix}.a`, { ...none, truncateBefore: 2 }, 5_000);
    await fixture.ledger.server?.scavenge();
    await fixture.client.writeMetadata(`${prefix}.a`, none, 5_000);
    const { order } = await fixture.open({ cacheDirectory });
    expect((await order.head()).size).toBe(4);
    await expect(all(order.readAll(0))).rejects.toMatchObject({
      code: 'STREAM_TRUNCATED',
      context: { stream: `${prefix}.a`, revision: 0 },
    });
    expect(await refusals(order)).toEqual([`STREAM_TRUNCATED ${prefix}.a`]);
  },
);

test('metadata that lets events be dropped stop a following as soon as they come, until they are taken back', async () => {
  const fixture = await OrderFixture.start();
  const name = `${fixture.ledger.prefix}.a`;
  await fixture.append('a', -1, ['one', 'two']);
  const { order } = await fixture.open();
  const following = all(order.subscribe(0, new AbortController().signal));
  following.catch(() => undefined);
  expect((await order.head()).size).toBe(2);
  await fixture.client.writeMetadata(name, { ...none, maxCount: 1000 }, 5_000);
  await expect(following).rejects.toMatchObject({ code: 'STREAM_TRUNCATED', context: { stream: name } });
  expect(await refusals(order)).toEqual([`STREAM_TRUNCATED ${name}`]);
  expect(await refusals((await fixture.open()).order)).toEqual([`STREAM_TRUNCATED ${name}`]);
  await fixture.client.writeMetadata(name, none, 5_000);
  const again = await fixture.open();
  expect(await all(again.order.readAll(0))).toEqual(['0 a/0 one', '1 a/1 two']);
});

test.each(['maxAgeSeconds', 'truncateBefore'] as const)(
  '%s is seen before the stream has any record',
  async (limit) => {
    const fixture = await OrderFixture.start();
    const name = `${fixture.ledger.prefix}.a`;
    await fixture.client.writeMetadata(name, { ...none, [limit]: 5 }, 5_000);
    const { order } = await fixture.open();
    expect(await refusals(order)).toEqual([`STREAM_TRUNCATED ${name}`]);
  },
);

test('a tombstone is named', async () => {
  const fixture = await OrderFixture.start();
  const name = `${fixture.ledger.prefix}.a`;
  await fixture.append('a', -1, ['one']);
  const { order } = await fixture.open();
  expect((await order.head()).size).toBe(1);
  await fixture.client.tombstone(name, 5_000);
  expect(await refusals(order)).toEqual([`STREAM_TRUNCATED ${name}`]);
  expect(await refusals((await fixture.open()).order)).toEqual([`STREAM_TRUNCATED ${name}`]);
});

test('what somebody else writes under the prefix is refused', async () => {
  const fixture = await OrderFixture.start();
  const name = `${fixture.ledger.prefix}.a`;
  const [event] = fixture.events(['one']);
  const id = '00000000-0000-5000-8000-0000000000aa';
  if (event !== undefined) await fixture.client.append(name, -1, [{ ...event, id }], 5_000);
  const { order } = await fixture.open();
  expect(await refusals(order)).toEqual([`LEDGER_CORRUPT ${name}`]);
});

onWireServer('a database that was made anew is another ledger to whoever remembers', async () => {
  const fixture = await OrderFixture.start();
  const cacheDirectory = temporaryDirectory();
  await fixture.append('a', -1, ['one', 'two']);
  const { order } = await fixture.open({ cacheDirectory });
  await order.head();
  await order.close();
  await fixture.ledger.server?.recreate();
  // A copy of the ledger from before its second record.
  await fixture.append('a', -1, ['one']);
  await expect(fixture.open({ cacheDirectory })).rejects.toMatchObject({
    code: 'LEDGER_REPLACED',
    message: expect.stringContaining(`remove ${cacheDirectory}/ledger-1.order`),
  });
  // Its identity was made anew as well.
  await expect(fixture.open({ cacheDirectory, ledgerId: 'ledger-2' })).rejects.toMatchObject({
    code: 'LEDGER_REPLACED',
    message: expect.stringMatching(/remove .*\.ledger;/),
  });
  const elsewhere = await fixture.open({ cacheDirectory: temporaryDirectory(), ledgerId: 'ledger-2' });
  expect(await all(elsewhere.order.readAll(0))).toEqual(['0 a/0 one']);
});

onWireServer('a database that is made anew under a following is noticed when it connects again', async () => {
  const fixture = await OrderFixture.start();
  await fixture.append('a', -1, ['one', 'two']);
  const { order } = await fixture.open();
  const end = new AbortController();
  onTestFinished(() => end.abort());
  const following = all(order.subscribe(0, end.signal));
  following.catch(() => undefined);
  await order.head();
  await fixture.ledger.server?.recreate();
  await fixture.append('a', -1, ['another']);
  await expect(following).rejects.toMatchObject({ code: 'LEDGER_REPLACED' });
  expect(await refusals(order)).toEqual(['LEDGER_REPLACED undefined']);
});

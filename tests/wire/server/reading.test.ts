import {
  type AllStreamRecordedEvent,
  type EventStoreDBClient,
  eventTypeFilter,
  excludeSystemEvents,
  streamNameFilter,
} from '@eventstore/db-client';
import { expect, test, vi } from 'vitest';
import { event, idOf, wirePair } from './wire-client.ts';

type StreamRead = Parameters<EventStoreDBClient['readStream']>[1];
type Filter = NonNullable<Parameters<EventStoreDBClient['subscribeToAll']>[0]>['filter'];

async function filled(count: number, stream = 'test.a') {
  const pair = await wirePair();
  for (let number = 0; number < count; number++) await pair.client.appendToStream(stream, event(number));
  const read = async (options: StreamRead = {}): Promise<readonly number[]> => {
    const revisions: number[] = [];
    for await (const { event: one } of pair.client.readStream(stream, options)) {
      revisions.push(Number(one?.revision));
    }
    return revisions;
  };
  return { ...pair, read };
}

test('a stream is read from any revision, either way, up to a count', async () => {
  const { read } = await filled(4);
  expect(await read()).toEqual([0, 1, 2, 3]);
  expect(await read({ fromRevision: 2n })).toEqual([2, 3]);
  expect(await read({ fromRevision: 1n, maxCount: 2 })).toEqual([1, 2]);
  expect(await read({ fromRevision: 9n })).toEqual([]);
  expect(await read({ direction: 'backwards', fromRevision: 'end' })).toEqual([3, 2, 1, 0]);
  expect(await read({ direction: 'backwards', fromRevision: 'end', maxCount: 1 })).toEqual([3]);
  expect(await read({ direction: 'backwards', fromRevision: 2n })).toEqual([2, 1, 0]);
  expect(await read({ fromRevision: 'end' })).toEqual([]);
});

test('what is stored comes back: bytes, metadata, type, and the time', async () => {
  const { client } = await wirePair();
  const before = Date.now();
  const data = Uint8Array.from({ length: 256 }, (_, index) => index);
  await client.appendToStream('test.ä', { ...event(7, 'Größe'), data, metadata: { ulid: '01J' } });
  const read: unknown[] = [];
  for await (const { event: one } of client.readStream('test.ä')) {
    expect(one?.created.getTime()).toBeGreaterThanOrEqual(before);
    expect(one?.created.getTime()).toBeLessThanOrEqual(Date.now());
    read.push({ ...one, data: Array.from(one?.data as Uint8Array), created: null });
  }
  const [id, type] = [idOf(7), 'Größe'];
  const position = { commit: 0n, prepare: 0n };
  const metadata = { ulid: '01J' };
  const fixed = { id, type, position, metadata, streamId: 'test.ä', revision: 0n, isJson: false };
  expect(read).toEqual([{ ...fixed, data: Array.from(data), created: null }]);
});

test.each([
  { metadata: { maxCount: 2 }, shown: [3, 4] },
  { metadata: { truncateBefore: 3 }, shown: [3, 4] },
  { metadata: { maxCount: 3, truncateBefore: 1 }, shown: [2, 3, 4] },
  { metadata: { truncateBefore: 9 }, shown: [] },
  { metadata: { maxAge: 3600 }, shown: [0, 1, 2, 3, 4] },
])('a stream with $metadata shows $shown, and the log still shows all', async ({ metadata, shown }) => {
  const { client, read } = await filled(5);
  await client.setStreamMetadata('test.a', metadata);
  expect(await read()).toEqual(shown);
  expect(await read({ direction: 'backwards', fromRevision: 'end' })).toEqual(shown.toReversed());
  expect((await client.getStreamMetadata('test.a')).metadata).toMatchObject(metadata);
  const types: string[] = [];
  for await (const { event: one } of client.readAll()) types.push(one?.type ?? '');
  expect(types).toEqual([...Array<string>(5).fill('Tested'), '$metadata']);
});

test('a scavenge takes hidden events out of the log; revisions stay', async () => {
  const { server, client, read } = await filled(5);
  await client.setStreamMetadata('test.a', { truncateBefore: 3 });
  expect(await server.scavenge()).toBe(3);
  expect(await read()).toEqual([3, 4]);
  const revisions: bigint[] = [];
  for await (const { event: one } of client.readAll())
    if (one?.type === 'Tested') revisions.push(one.revision);
  expect(revisions).toEqual([3n, 4n]);
});

test('a stream that is not there, or deleted, is named', async () => {
  const { client, read } = await filled(1);
  const missing = { type: 'stream-not-found', streamName: expect.anything() };
  const all = async (stream: string): Promise<void> => {
    for await (const _ of client.readStream(stream));
  };
  await expect(all('test.none')).rejects.toMatchObject(missing);
  await client.deleteStream('test.a');
  await expect(read()).rejects.toMatchObject(missing);
  await client.tombstoneStream('test.b', { expectedRevision: 'no_stream' });
  const deleted = { type: 'stream-deleted', streamName: 'test.b' };
  await expect(all('test.b')).rejects.toMatchObject(deleted);
  await expect(client.deleteStream('test.b')).rejects.toMatchObject(deleted);
  const wrong = { type: 'wrong-expected-version', actualVersion: -1n };
  await expect(client.deleteStream('test.c', { expectedRevision: 4n })).rejects.toMatchObject(wrong);
});

test('the log is read forwards from a position with its event, and backwards without it', async () => {
  const { client } = await filled(4);
  const all = async (options: Parameters<EventStoreDBClient['readAll']>[0]) => {
    const read: AllStreamRecordedEvent[] = [];
    for await (const { event: one } of client.readAll(options)) if (one !== undefined) read.push(one);
    return read;
  };
  const positions = (await all({})).map(({ position }) => position);
  const commits = positions.map(({ commit }) => Number(commit));
  expect(commits).toEqual(commits.toSorted((one, other) => one - other));
  const fromPosition = positions[2];
  if (fromPosition === undefined) throw new Error('Four events were stored.');
  const ids = async (options: Parameters<typeof all>[0]) => (await all(options)).map(({ id }) => id);
  expect(await ids({ fromPosition })).toEqual([idOf(2), idOf(3)]);
  expect(await ids({ fromPosition, direction: 'backwards' })).toEqual([idOf(1), idOf(0)]);
  expect(await ids({ fromPosition: 'end', direction: 'backwards', maxCount: 1 })).toEqual([idOf(3)]);
});

/** What a subscription says until it has caught up. */
async function caughtUp(client: EventStoreDBClient, filter: Filter): Promise<readonly string[]> {
  const said: string[] = [];
  const checkpointReached = (): void => void said.push('checkpoint');
  const counted = filter === undefined ? {} : { filter: { ...filter, checkpointReached } };
  const subscription = client.subscribeToAll(counted);
  subscription.on('data', ({ event: one }) => said.push(one?.id.at(-1) ?? ''));
  await new Promise((resolve) => subscription.once('caughtUp', resolve));
  await subscription.unsubscribe();
  return said;
}

test.each<{ name: string; filter: Filter; said: string }>([
  { name: 'everything', filter: undefined, said: '0 1 2 3 4 5' },
  {
    name: 'streams by prefix',
    filter: streamNameFilter({ prefixes: ['test.a', 'x'] }),
    said: '0 2 4 checkpoint',
  },
  { name: 'streams by pattern', filter: streamNameFilter({ regex: 'b$' }), said: '1 3 5 checkpoint' },
  { name: 'types by prefix', filter: eventTypeFilter({ prefixes: ['Od'] }), said: '1 3 5 checkpoint' },
  { name: 'types by pattern', filter: eventTypeFilter({ regex: '^Even$' }), said: '0 2 4 checkpoint' },
  { name: 'nothing of the system', filter: excludeSystemEvents(), said: '0 1 2 3 4 5 checkpoint' },
  {
    name: 'a checkpoint for every two events looked at',
    filter: streamNameFilter({ prefixes: ['test.a'], maxSearchWindow: 2 }),
    said: '0 checkpoint 2 checkpoint 4 checkpoint',
  },
  {
    name: 'a checkpoint for every second window',
    filter: streamNameFilter({ prefixes: ['test.a'], maxSearchWindow: 2, checkpointInterval: 2 }),
    said: '0 2 checkpoint 4 checkpoint',
  },
])('a subscription to $name', async ({ filter, said }) => {
  const { client } = await wirePair();
  for (let number = 0; number < 6; number++) {
    const odd = number % 2 === 1;
    await client.appendToStream(odd ? 'test.b' : 'test.a', event(number, odd ? 'Odd' : 'Even'));
  }
  expect((await caughtUp(client, filter)).join(' ')).toBe(said);
});

test('a subscription goes from what was to what comes without gap or repetition', async () => {
  const { client } = await filled(50);
  const ids: string[] = [];
  const subscription = client.subscribeToAll({ filter: streamNameFilter({ prefixes: ['test.'] }) });
  subscription.on('data', ({ event: one }) => ids.push(one?.id ?? ''));
  for (let number = 50; number < 300; number++) await client.appendToStream('test.a', event(number));
  const expected = Array.from({ length: 300 }, (_, number) => idOf(number));
  await vi.waitFor(() => expect(ids.length).toBe(300));
  expect(ids).toEqual(expected);
});

test('a subscription begins behind its position, in the log and in a stream', async () => {
  const { client } = await filled(4);
  const positions = [];
  for await (const { event: one } of client.readAll()) positions.push(one?.position);
  const fromPosition = positions[1];
  if (fromPosition === undefined) throw new Error('Four events were stored.');
  const [ofLog, ofStream]: [string[], string[]] = [[], []];
  client.subscribeToAll({ fromPosition }).on('data', ({ event: one }) => ofLog.push(one?.id ?? ''));
  client
    .subscribeToStream('test.a', { fromRevision: 1n })
    .on('data', ({ event: one }) => ofStream.push(one?.id ?? ''));
  await vi.waitFor(() => expect([ofLog, ofStream]).toEqual([[2, 3].map(idOf), [2, 3].map(idOf)]));
  await client.appendToStream('test.a', event(4));
  await vi.waitFor(() => expect([ofLog.at(-1), ofStream.at(-1)]).toEqual([idOf(4), idOf(4)]));
});

test('a reader that is slow is waited for, and gets everything', async () => {
  const { client } = await wirePair();
  const big = (number: number) => ({ ...event(number), data: new Uint8Array(100_000) });
  for (let number = 0; number < 100; number++) await client.appendToStream('test.a', big(number));
  let count = 0;
  for await (const _ of client.readStream('test.a')) {
    count++;
    if (count % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(count).toBe(100);
});

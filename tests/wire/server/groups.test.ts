import {
  type EventStoreDBClient,
  type PersistentSubscriptionToStream,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from '@eventstore/db-client';
import { expect, test, vi } from 'vitest';
import { chooseConsumer } from './groups/choose-consumer.ts';
import type { Consumer } from './groups/group-message.ts';
import { event, idOf, wireClient, wirePair } from './wire-client.ts';
import type { WireServerOptions } from './wire-server.ts';

const STREAM = 'work';
const GROUP = 'workers';
type Resolved = Parameters<PersistentSubscriptionToStream['ack']>[0];

/** A consumer that keeps what it gets. */
function consumer(client: EventStoreDBClient, bufferSize = 10) {
  const subscription = client.subscribeToPersistentSubscriptionToStream(STREAM, GROUP, { bufferSize });
  const received: Resolved[] = [];
  const errors: Error[] = [];
  subscription.on('error', (error: Error) => errors.push(error));
  subscription.on('data', (resolved: Resolved) => received.push(resolved));
  const ids = (): readonly string[] => received.map((resolved) => resolved.event?.id ?? '');
  const retries = (): readonly number[] =>
    received.map((resolved) => ('retryCount' in resolved ? Number(resolved.retryCount) : -1));
  return { subscription, received, errors, ids, retries };
}

async function groupOf(
  count: number,
  settings: Parameters<typeof persistentSubscriptionToStreamSettingsFromDefaults>[0] = {},
  options: WireServerOptions = {},
) {
  const pair = await wirePair({ groupTickMs: 20, ...options });
  for (let number = 0; number < count; number++) await pair.client.appendToStream(STREAM, event(number));
  const all = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, ...settings });
  await pair.client.createPersistentSubscriptionToStream(STREAM, GROUP, all);
  const stats = async () => (await pair.client.getPersistentSubscriptionToStreamInfo(STREAM, GROUP)).stats;
  return { ...pair, stats };
}

test('messages come in order from the start, at most as many unanswered as the consumer has room for', async () => {
  const { client, stats } = await groupOf(5);
  const one = consumer(client, 2);
  await vi.waitFor(() => expect(one.ids()).toEqual([idOf(0), idOf(1)]));
  expect(await stats()).toMatchObject({ outstandingMessagesCount: 2, lastKnownEventRevision: 4n });
  for (const resolved of [...one.received]) await one.subscription.ack(resolved);
  await vi.waitFor(() => expect(one.ids()).toEqual([0, 1, 2, 3].map(idOf)));
  expect(one.retries()).toEqual([0, 0, 0, 0]);
});

test('what is appended later comes as well, and a group that starts at the end gets nothing else', async () => {
  const { client } = await groupOf(2, { startFrom: 'end' });
  const one = consumer(client);
  await new Promise((resolve) => one.subscription.once('confirmation', resolve));
  await client.appendToStream(STREAM, event(2));
  await vi.waitFor(() => expect(one.ids()).toEqual([idOf(2)]));
});

test('consumers take turns as long as they have room', async () => {
  const { client } = await groupOf(0);
  const [one, other] = [consumer(client, 2), consumer(client, 2)];
  await vi.waitFor(async () => {
    const info = await client.getPersistentSubscriptionToStreamInfo(STREAM, GROUP);
    expect(info.connections.length).toBe(2);
  });
  for (let number = 0; number < 6; number++) await client.appendToStream(STREAM, event(number));
  await vi.waitFor(() => expect(one.ids().length + other.ids().length).toBe(4));
  const ofFirst = one.ids().includes(idOf(0)) ? one : other;
  expect(ofFirst.ids()).toEqual([idOf(0), idOf(2)]);
  expect((ofFirst === one ? other : one).ids()).toEqual([idOf(1), idOf(3)]);
});

test('a refused message comes again at once, with a count, and is parked when its attempts are used up', async () => {
  const { client, stats } = await groupOf(1, { maxRetryCount: 2 });
  const one = consumer(client);
  for (const times of [1, 2, 3]) {
    await vi.waitFor(() => expect(one.received.length).toBe(times));
    const newest = one.received.at(-1);
    if (newest !== undefined) await one.subscription.nack('retry', 'not now', newest);
  }
  await vi.waitFor(async () => expect((await stats()).parkedMessageCount).toBe(1n));
  expect(one.retries()).toEqual([0, 1, 2]);
  expect(await stats()).toMatchObject({ outstandingMessagesCount: 0, retryBufferCount: 0 });
  const parked = client.readStream(`$persistentsubscription-${STREAM}::${GROUP}-parked`);
  for await (const resolved of parked) {
    expect(resolved.event?.type).toBe('$>');
    expect(resolved.event?.metadata).toMatchObject({ reason: 'Reached retry count of 2' });
  }
});

test('parked messages come again when they are replayed, with all their attempts', async () => {
  const { client, stats } = await groupOf(2);
  const one = consumer(client);
  await vi.waitFor(() => expect(one.received.length).toBe(2));
  const [first, second] = one.received;
  if (first === undefined || second === undefined) throw new Error('Two messages were received.');
  await one.subscription.nack('park', 'poison', first);
  await one.subscription.nack('skip', 'no matter', second);
  await vi.waitFor(async () => expect((await stats()).parkedMessageCount).toBe(1n));
  await client.replayParkedMessagesToStream(STREAM, GROUP);
  await vi.waitFor(() => expect(one.ids()).toEqual([idOf(0), idOf(1), idOf(0)]));
  expect(await stats()).toMatchObject({ parkedMessageCount: 0n, outstandingMessagesCount: 1 });
  const again = one.received[2];
  if (again !== undefined) await one.subscription.ack(again);
  await vi.waitFor(async () => expect((await stats()).outstandingMessagesCount).toBe(0));
});

test('a message whose time is up comes again', async () => {
  const { client } = await groupOf(1, { messageTimeout: 60 });
  const one = consumer(client);
  await vi.waitFor(() => expect(one.retries().slice(0, 2)).toEqual([0, 1]));
});

test('what a consumer had whose connection breaks goes to the others at once', async () => {
  const { server, client } = await groupOf(3);
  const doomed = consumer(wireClient(server.url));
  await vi.waitFor(() => expect(doomed.received.length).toBe(3));
  const other = consumer(client);
  await new Promise((resolve) => other.subscription.once('confirmation', resolve));
  await doomed.subscription.unsubscribe();
  await vi.waitFor(() => expect(other.ids()).toEqual([0, 1, 2].map(idOf)));
  expect(other.retries()).toEqual([1, 1, 1]);
});

test('after a restart everything behind the checkpoint comes again, and nothing before it', async () => {
  const { server, client, stats } = await groupOf(4, { checkPointUpperBound: 2, checkPointLowerBound: 1 });
  const one = consumer(client);
  await vi.waitFor(() => expect(one.received.length).toBe(4));
  for (const resolved of one.received.slice(0, 3)) await one.subscription.ack(resolved);
  await vi.waitFor(async () => expect((await stats()).outstandingMessagesCount).toBe(1));
  const checkpointed = (await stats()).lastCheckpointedEventRevision ?? -1n;
  expect([1n, 2n]).toContain(checkpointed);
  await server.restart();
  // Clients of one process share a connection, and the first call after a cut may still meet the broken one.
  await vi.waitFor(() => client.listAllPersistentSubscriptions());
  const later = consumer(wireClient(server.url));
  const left = [0, 1, 2, 3].slice(Number(checkpointed) + 1).map(idOf);
  await vi.waitFor(() => expect(later.ids()).toEqual(left));
});

test('groups are created once, found, listed and deleted; who reads one that is not there is told', async () => {
  const { client } = await groupOf(1);
  const settings = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START });
  await expect(client.createPersistentSubscriptionToStream(STREAM, GROUP, settings)).rejects.toMatchObject({
    type: 'persistent-subscription-exists',
  });
  const listed = await client.listAllPersistentSubscriptions();
  expect(listed.map(({ eventSource, groupName }) => [eventSource, groupName])).toEqual([[STREAM, GROUP]]);
  const one = consumer(client);
  await vi.waitFor(() => expect(one.received.length).toBe(1));
  await client.deletePersistentSubscriptionToStream(STREAM, GROUP);
  await vi.waitFor(() => expect(one.errors.length).toBe(1));
  const missing = { type: 'persistent-subscription-does-not-exist' };
  expect(one.errors[0]).toMatchObject(missing);
  await expect(client.getPersistentSubscriptionToStreamInfo(STREAM, GROUP)).rejects.toMatchObject(missing);
  await expect(client.deletePersistentSubscriptionToStream(STREAM, GROUP)).rejects.toMatchObject(missing);
});

test('a group on the log sees what its filter lets through, with positions', async () => {
  const { client } = await wirePair();
  await client.appendToStream('a.x', event(0));
  await client.appendToStream('b.x', event(1));
  await client.appendToStream('a.y', event(2));
  const { persistentSubscriptionToAllSettingsFromDefaults, streamNameFilter } = await import(
    '@eventstore/db-client'
  );
  const settings = persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START });
  const filter = streamNameFilter({ prefixes: ['a.'] });
  await client.createPersistentSubscriptionToAll(GROUP, settings, { filter });
  const ids: string[] = [];
  const subscription = client.subscribeToPersistentSubscriptionToAll(GROUP);
  subscription.on('data', ({ event: received }) => {
    expect(received?.position?.commit).toBeGreaterThanOrEqual(0n);
    ids.push(received?.id ?? '');
  });
  await vi.waitFor(() => expect(ids).toEqual([idOf(0), idOf(2)]));
});

test('one consumer gets everything with "dispatch to single", and a stream stays with one with "pinned"', () => {
  const named = (name: string): Consumer => ({
    connectionName: name,
    peer: '',
    bufferSize: 1,
    unanswered: new Set(),
    delivered: 0,
    push: () => {},
    drop: () => {},
  });
  const consumers = [named('one'), named('other')];
  const chosen = (strategy: 'DispatchToSingle' | 'Pinned', stream: string) =>
    chooseConsumer(consumers, strategy, stream)?.connectionName ?? null;
  expect(chosen('DispatchToSingle', 'a')).toBe('one');
  expect(chosen('DispatchToSingle', 'b')).toBe('one');
  const first = chosen('Pinned', 'a');
  expect(chosen('Pinned', 'a')).toBe(first);
  expect(chosen('Pinned', 'b')).not.toBe(first);
  for (const each of consumers) each.unanswered.add('full');
  expect(chosen('Pinned', 'a')).toBe(null);
});

test.each([
  { fault: 'drop after commit', error: /^(unavailable|cancelled)$/ },
  { fault: 'subscription dropped', error: /^persistent-subscription-dropped$/ },
] as const)('a consumer that meets "$fault" is told, and its message goes on', async ({ fault, error }) => {
  const { server, client } = await groupOf(1);
  await server.setFaults([{ operation: 'group message', fault, calls: [1] }]);
  const one = consumer(client);
  await vi.waitFor(() => expect(one.errors.length).toBe(1));
  expect(one.errors[0]).toMatchObject({ type: expect.stringMatching(error) });
  await vi.waitFor(() => client.listAllPersistentSubscriptions());
  const next = consumer(client);
  await vi.waitFor(() => expect(next.retries()).toEqual([1]));
  expect(await server.faultCounts()).toEqual({ [`group message: ${fault}`]: 1 });
});

test('an answer that is lost brings the message again when its time is up', async () => {
  const { server, client } = await groupOf(1, { messageTimeout: 60 });
  await server.setFaults([{ operation: 'group answer', fault: 'mute', calls: [1] }]);
  const one = consumer(client);
  await vi.waitFor(() => expect(one.received.length).toBe(1));
  const [first] = one.received;
  if (first !== undefined) await one.subscription.ack(first);
  await vi.waitFor(() => expect(one.retries().slice(0, 2)).toEqual([0, 1]));
  expect(await server.faultCounts()).toEqual({ 'group answer: mute': 1 });
});

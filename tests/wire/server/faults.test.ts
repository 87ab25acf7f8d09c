import { type EventStoreDBClient, streamNameFilter } from '@eventstore/db-client';
import { describe, expect, test, vi } from 'vitest';
import { type FaultRule, Faults } from './faults.ts';
import { event, idOf, wireClient, wirePair } from './wire-client.ts';
import type { WireServer } from './wire-server.ts';

const STREAM = 'test.a';

/** How an append ended: its revision, the type or text of its error, or `pending` while nothing has come. */
async function ended(append: Promise<{ nextExpectedRevision: bigint }>, withinMs = 300): Promise<string> {
  const silence = new Promise<string>((resolve) => setTimeout(() => resolve('pending'), withinMs));
  const words = append.then(
    ({ nextExpectedRevision }) => `stored ${nextExpectedRevision}`,
    (error: Error & { type?: string }) => error.type ?? error.message,
  );
  return Promise.race([words, silence]);
}

/** What is in the stream, asked by a fresh client until it is answered. */
async function stored(server: WireServer): Promise<readonly string[]> {
  await server.setFaults([]);
  const client = wireClient(server.url);
  return vi.waitFor(async () => {
    const ids: string[] = [];
    for await (const { event: read } of client.readAll()) ids.push(read?.id ?? '');
    return ids;
  });
}

const append = (
  client: EventStoreDBClient,
  number = 0,
  expectedRevision: 'no_stream' | bigint = 'no_stream',
) => client.appendToStream(STREAM, event(number), { expectedRevision });

interface Expectation {
  readonly fault: FaultRule['fault'];
  readonly ended: string;
  readonly stored: boolean;
}

const ON_BOTH: readonly Expectation[] = [
  { fault: 'mute', ended: 'pending', stored: false },
  { fault: 'mute after commit', ended: 'pending', stored: true },
  { fault: 'drop before commit', ended: 'unavailable', stored: false },
  { fault: 'drop after commit', ended: 'unavailable', stored: true },
  { fault: 'no leader', ended: 'unknown', stored: false },
  { fault: 'not ready', ended: 'unavailable', stored: false },
  { fault: 'unknown error', ended: 'unknown', stored: false },
  { fault: 'access denied', ended: 'access-denied', stored: false },
  { fault: 'late reply', ended: 'stored 0', stored: true },
];
const ON_BATCH: readonly Expectation[] = [
  { fault: 'half-close', ended: 'pending', stored: false },
  { fault: 'half-close after commit', ended: 'pending', stored: true },
  { fault: 'commit timeout', ended: 'deadline-exceeded', stored: false },
  { fault: 'commit timeout after commit', ended: 'deadline-exceeded', stored: true },
  { fault: 'slow', ended: 'stored 0', stored: true },
];
const ON_CLASSIC: readonly Expectation[] = [
  { fault: 'commit timeout', ended: 'timeout', stored: false },
  { fault: 'commit timeout after commit', ended: 'timeout', stored: true },
];

describe.each([
  { path: 'batch', batchAppend: true, table: [...ON_BOTH, ...ON_BATCH] },
  { path: 'classic', batchAppend: false, table: [...ON_BOTH, ...ON_CLASSIC] },
])('faults of appends over the $path path', ({ path, batchAppend, table }) => {
  test.each(table)('$fault: $ended, stored: $stored', async (expected) => {
    const { server, client } = await wirePair({ batchAppend });
    // The probe for what the server can do is a call of its own; it has been answered before the fault comes.
    await client.appendToStream('other', event(99));
    await server.setFaults([{ operation: 'append', fault: expected.fault, delayMs: 30 }]);
    expect(await ended(append(client))).toBe(expected.ended);
    expect(await server.faultCounts()).toEqual({ [`${path} append: ${expected.fault}`]: 1 });
    expect(await stored(server)).toEqual(expected.stored ? [idOf(99), idOf(0)] : [idOf(99)]);
  });

  test('bytes that are no message fail the append', async () => {
    const { server, client } = await wirePair({ batchAppend });
    await server.setFaults([{ operation: 'append', fault: 'bad frame', calls: [1] }]);
    expect(await ended(append(client))).toMatch(/unknown|parsing/);
    expect(await stored(server)).toEqual([]);
  });

  test('a late commit lets what is tried again overtake it, and then repeats it', async () => {
    const { server, client } = await wirePair({ batchAppend });
    await server.setFaults([{ operation: 'append', fault: 'late commit', calls: [1], delayMs: 100 }]);
    const late = append(client);
    const again = await append(client);
    expect(again.nextExpectedRevision).toBe(0n);
    expect((await late).nextExpectedRevision).toBe(0n);
    expect(await stored(server)).toEqual([idOf(0)]);
  });

  test('whoever is sent to the leader goes there with the next call', async () => {
    const leader = await wirePair({ batchAppend });
    const { server, client } = await wirePair({ batchAppend });
    await server.setRole('follower', { host: leader.server.host, port: leader.server.port });
    await expect(append(client)).rejects.toMatchObject({
      type: 'not-leader',
      leader: { address: leader.server.host, port: leader.server.port },
    });
    expect((await append(client)).nextExpectedRevision).toBe(0n);
    expect(await stored(leader.server)).toEqual([idOf(0)]);
  });
});

test('a rule strikes at the calls it names, at a stream it names, as often as it says', () => {
  const faults = new Faults();
  const strikes = (count: number, stream = STREAM): string =>
    Array.from({ length: count }, () => (faults.strike('batch append', stream) === null ? '.' : 'x')).join(
      '',
    );
  faults.set([{ operation: 'append', fault: 'mute', calls: [2, 4] }]);
  expect(strikes(6)).toBe('.x.x..');
  faults.set([{ operation: 'append', fault: 'mute', timesMax: 2 }]);
  expect(strikes(4)).toBe('xx..');
  faults.set([{ operation: 'classic append', fault: 'mute' }]);
  expect(strikes(3)).toBe('...');
  faults.set([{ operation: 'batch append', fault: 'mute', streamPrefix: 'test.b' }]);
  expect([strikes(2), strikes(2, 'test.bc')]).toEqual(['..', 'xx']);
  expect(faults.counts()).toEqual({ 'batch append: mute': 6 });
});

test('a probability strikes about that often, and the same way for the same seed', () => {
  const draw = (seed: number): string => {
    const faults = new Faults();
    faults.set([{ operation: 'read', fault: 'mute', probability: 0.25 }], seed);
    return Array.from({ length: 4000 }, () => (faults.strike('read', '') === null ? '.' : 'x')).join('');
  };
  expect(draw(7)).toBe(draw(7));
  expect(draw(7)).not.toBe(draw(8));
  const struck = draw(7).replaceAll('.', '').length;
  expect(struck).toBeGreaterThan(900);
  expect(struck).toBeLessThan(1100);
});

test.each([
  { fault: 'drop before commit', ids: [0] },
  { fault: 'drop after commit', ids: [0, 1] },
  { fault: 'subscription dropped', ids: [0] },
  { fault: 'unknown error', ids: [0] },
] as const)(
  'a subscription whose second message meets "$fault" ends with an error',
  async ({ fault, ids }) => {
    const { server, client } = await wirePair();
    for (const number of [0, 1, 2]) await client.appendToStream(STREAM, event(number));
    await server.setFaults([{ operation: 'message', fault, calls: [2] }]);
    const [received, errors]: [string[], Error[]] = [[], []];
    const subscription = client.subscribeToAll({ filter: streamNameFilter({ prefixes: ['test.'] }) });
    subscription.on('data', ({ event: one }) => received.push(one?.id ?? ''));
    subscription.on('error', (error) => errors.push(error));
    await vi.waitFor(() => expect(errors.length).toBe(1));
    // What was under way when the connection was cut may be lost with it.
    expect(ids.map(idOf).slice(0, received.length)).toEqual(received);
    expect(await server.faultCounts()).toEqual({ [`message: ${fault}`]: 1 });
  },
);

test('a slow sender holds messages back, and loses none', async () => {
  const { server, client } = await wirePair();
  for (const number of [0, 1, 2]) await client.appendToStream(STREAM, event(number));
  await server.setFaults([{ operation: 'message', fault: 'slow', delayMs: 20 }]);
  const began = performance.now();
  const received: string[] = [];
  client.subscribeToAll().on('data', ({ event: one }) => received.push(one?.id ?? ''));
  await vi.waitFor(() => expect(received).toEqual([0, 1, 2].map(idOf)));
  expect(performance.now() - began).toBeGreaterThanOrEqual(55);
});

test.each([
  { fault: 'drop before commit', type: 'unavailable' },
  { fault: 'drop after commit', type: 'unavailable' },
  { fault: 'not ready', type: 'unavailable' },
  { fault: 'unknown error', type: 'unknown' },
] as const)('a read that meets "$fault" fails as $type', async ({ fault, type }) => {
  const { server, client } = await wirePair();
  await client.appendToStream(STREAM, event(0));
  await server.setFaults([{ operation: 'read', fault }]);
  const read = async (): Promise<void> => {
    for await (const _ of client.readStream(STREAM));
  };
  await expect(read()).rejects.toMatchObject({ type });
  expect(await server.faultCounts()).toEqual({ [`read: ${fault}`]: 1 });
});

test('a restart, a cut and another data base are counted like any fault', async () => {
  const { server, client } = await wirePair();
  await client.appendToStream(STREAM, event(0));
  await server.restart();
  expect(await stored(server)).toEqual([idOf(0)]);
  await server.cutConnections();
  expect(await stored(server)).toEqual([idOf(0)]);
  await server.recreate();
  expect(await stored(server)).toEqual([]);
  expect(await server.faultCounts()).toEqual({ restart: 1, 'cut connections': 1, recreate: 1 });
});

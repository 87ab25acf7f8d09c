import { setTimeout } from 'node:timers/promises';
import { streamNameFilter } from '@eventstore/db-client';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startLink } from './server/link.ts';
import { event, wireClient, wirePair } from './server/wire-client.ts';

/**
 * Facts about the client that the store beneath rests on. Each is a reason for something that the store does; when a newer client
 * no longer behaves so, the test fails and the reason can go.
 */

/** `pending`, or how the promise ended within the time. */
async function ending(promise: Promise<unknown>, withinMs: number): Promise<string> {
  const words = promise.then(
    () => 'answered',
    (error: Error & { type?: string }) => error.type ?? error.message,
  );
  return Promise.race([words, setTimeout(withinMs, 'pending')]);
}

test('a deadline does not bound a batch append: with a mute server it is pending at four times its deadline', async () => {
  const { server, client } = await wirePair();
  await client.appendToStream('a', event(0));
  await server.setFaults([{ operation: 'append', fault: 'mute' }]);
  expect(await ending(client.appendToStream('a', event(1), { deadline: 100 }), 400)).toBe('pending');
});

test('a deadline bounds a classic append', async () => {
  const { server, client } = await wirePair({ batchAppend: false });
  await client.appendToStream('a', event(0));
  await server.setFaults([{ operation: 'append', fault: 'mute' }]);
  const append = client.appendToStream('a', event(1), { deadline: 100 });
  expect(await ending(append, 2000)).toBe('deadline-exceeded');
});

test('the probe for what the server can do has no deadline', async () => {
  const { server, client } = await wirePair();
  await server.setFaults([{ operation: 'features', fault: 'mute' }]);
  expect(await ending(client.appendToStream('a', event(0), { deadline: 100 }), 400)).toBe('pending');
});

test('an append whose connection is cut after the commit fails although it is stored, and succeeds when repeated', async () => {
  const { server, client } = await wirePair();
  await client.appendToStream('other', event(9));
  await server.setFaults([{ operation: 'append', fault: 'drop after commit', calls: [1] }]);
  const append = () => client.appendToStream('a', event(0), { expectedRevision: 'no_stream' });
  await expect(append()).rejects.toMatchObject({ type: 'unavailable' });
  expect((await append()).nextExpectedRevision).toBe(0n);
});

test('an error on one client fails the pending append of another client in the process', async () => {
  const [one, other] = [await wirePair(), await wirePair()];
  await one.client.appendToStream('a', event(0));
  await other.client.appendToStream('a', event(0));
  await other.server.setFaults([{ operation: 'append', fault: 'late reply', delayMs: 300 }]);
  await one.server.setFaults([{ operation: 'append', fault: 'drop before commit' }]);
  const innocent = ending(other.client.appendToStream('a', event(1)), 2000);
  await vi.waitFor(async () => {
    expect(await other.server.faultCounts()).toEqual({ 'batch append: late reply': 1 });
  });
  await expect(one.client.appendToStream('a', event(1))).rejects.toThrow();
  expect(await innocent).toBe('unavailable');
});

test('a subscription whose server restarts fails once and never goes on by itself', async () => {
  const { server, client } = await wirePair();
  const [ids, errors]: [string[], Error[]] = [[], []];
  const subscription = client.subscribeToAll({ filter: streamNameFilter({ prefixes: ['a'] }) });
  subscription.on('data', ({ event: one }) => ids.push(one?.id ?? ''));
  subscription.on('error', (error) => errors.push(error));
  await new Promise((resolve) => subscription.once('caughtUp', resolve));
  await server.restart();
  await vi.waitFor(() => expect(errors.length).toBe(1));
  await vi.waitFor(() => client.appendToStream('a', event(0), { expectedRevision: 'no_stream' }));
  const witness: string[] = [];
  client.subscribeToAll().on('data', ({ event: one }) => witness.push(one?.id ?? ''));
  await vi.waitFor(() => expect(witness.length).toBe(1));
  expect([ids.length, errors.length]).toEqual([0, 1]);
});

test('metadata that is a Buffer is stored as the JSON of a Buffer, and only a plain Uint8Array as its bytes', async () => {
  const { client } = await wirePair();
  const metadata = Buffer.from('{"ulid":"x"}');
  await client.appendToStream('a', { ...event(0), metadata });
  await client.appendToStream('a', { ...event(1), metadata: new Uint8Array(metadata) });
  const read: unknown[] = [];
  for await (const { event: one } of client.readStream('a')) read.push(one?.metadata);
  expect(read).toEqual([{ type: 'Buffer', data: [...metadata] }, { ulid: 'x' }]);
});

test('over a frozen link nothing fails and nothing comes; when it thaws the append is answered', async () => {
  const { server } = await wirePair();
  const link = await startLink(server);
  onTestFinished(() => link.close());
  const client = wireClient(`esdb://127.0.0.1:${link.port}?tls=false`);
  await client.appendToStream('a', event(0));
  link.freeze();
  const append = client.appendToStream('a', event(1));
  expect(await ending(append, 200)).toBe('pending');
  link.thaw();
  expect((await append).nextExpectedRevision).toBe(1n);
  link.cut();
  await expect(client.appendToStream('a', event(2))).rejects.toThrow();
  link.mend();
  await vi.waitFor(() => client.appendToStream('a', event(2)), { timeout: 5000 });
});

import { binaryEvent, EventStoreDBClient, START, streamNameFilter } from '@eventstore/db-client';
import { expect, onTestFinished, test } from 'vitest';
import { testLedger } from '../test-ledger.ts';
import { startWireServer } from './wire-server.ts';

test('a first round', async () => {
  const server = await startWireServer();
  onTestFinished(() => server.stop());
  const client = EventStoreDBClient.connectionString(server.url);
  onTestFinished(() => client.dispose());
  const id = '00000000-0000-5000-8000-000000000001';
  const done = await client.appendToStream(
    'pawl.a',
    [binaryEvent({ id, type: 'T', data: Buffer.from('x') })],
    { expectedRevision: 'no_stream' },
  );
  expect(done.nextExpectedRevision).toBe(0n);
  const read = [];
  for await (const { event } of client.readStream('pawl.a', { fromRevision: START })) read.push(event);
  expect(read).toMatchObject([{ id, type: 'T', revision: 0n, isJson: false }]);
  const all = [];
  for await (const { event } of client.readAll()) all.push(event);
  expect(all.length).toBe(1);
  const sub = client.subscribeToAll({ filter: streamNameFilter({ prefixes: ['pawl.'] }) });
  for await (const { event } of sub) {
    expect(event?.id).toBe(id);
    break;
  }
});

test('a ledger for a test, on a server in a process of its own', async () => {
  const ledger = await testLedger();
  await ledger.server?.setFaults([{ operation: 'append', fault: 'drop after commit', calls: [1] }]);
  const client = EventStoreDBClient.connectionString(ledger.server?.url ?? '');
  onTestFinished(() => client.dispose());
  const event = binaryEvent({ type: 'T', data: Buffer.from('x') });
  await expect(client.appendToStream('pawl.a', [event], { expectedRevision: 'no_stream' })).rejects.toThrow();
  const again = await client.appendToStream('pawl.a', [event], { expectedRevision: 'no_stream' });
  expect(again.nextExpectedRevision).toBe(0n);
  expect(await ledger.server?.faultCounts()).toEqual({ 'batch append: drop after commit': 1 });
});

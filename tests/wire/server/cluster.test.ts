import { expect, onTestFinished, test, vi } from 'vitest';
import { startWireCluster } from './cluster.ts';
import { event, idOf, wireClient } from './wire-client.ts';

async function cluster() {
  const nodes = await startWireCluster();
  onTestFinished(() => nodes.stop());
  return nodes;
}

test('a client of three nodes finds the leader, and what it wrote is on the others', async () => {
  const { url, nodes } = await cluster();
  const client = wireClient(url);
  expect((await client.appendToStream('a', event(0))).nextExpectedRevision).toBe(0n);
  const follower = nodes[2]?.endpoint;
  const reader = wireClient(`esdb://${follower?.host}:${follower?.port}?tls=false`);
  const ids: string[] = [];
  for await (const { event: one } of reader.readStream('a')) ids.push(one?.id ?? '');
  expect(ids).toEqual([idOf(0)]);
});

test('after an election the old leader sends writers to the new one', async () => {
  const { url, elect, nodes } = await cluster();
  const client = wireClient(url);
  await client.appendToStream('a', event(0));
  elect(1);
  const leader = { address: nodes[1]?.host, port: nodes[1]?.port };
  await expect(client.appendToStream('a', event(1))).rejects.toMatchObject({ type: 'not-leader', leader });
  expect((await client.appendToStream('a', event(1))).nextExpectedRevision).toBe(1n);
});

test('a dead leader is replaced by whom the others name', async () => {
  const { url, elect, kill } = await cluster();
  const client = wireClient(url);
  await client.appendToStream('a', event(0));
  await kill(0);
  elect(2);
  const append = () => client.appendToStream('a', event(1), { expectedRevision: 0n });
  const done = await vi.waitFor(append, { timeout: 10_000 });
  expect(done.nextExpectedRevision).toBe(1n);
});

test('without a leader discovery gives up and says so', async () => {
  const { url, elect } = await cluster();
  elect(null);
  const client = wireClient(`${url}&maxDiscoverAttempts=2&discoveryInterval=20`);
  await expect(client.appendToStream('a', event(0))).rejects.toThrow('Failed to discover after 2 attempts.');
});

test('a node that is asked by discovery alone says that it is the leader', async () => {
  const { nodes } = await cluster();
  const [first] = nodes;
  const client = wireClient(`esdb+discover://${first?.host}:${first?.port}?tls=false`);
  expect((await client.appendToStream('a', event(0))).nextExpectedRevision).toBe(0n);
});

import { EventStoreDBClient } from '@eventstore/db-client';
import { expect, onTestFinished, test } from 'vitest';
import { TreeFrontier } from '../../../src/ledger/audit/tree-frontier.ts';
import { leafHash } from '../../../src/ledger/audit/tree-hash.ts';
import { openStore } from '../../../src/ledger/open-store.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { spawnWireServer } from '../server/spawn-wire-server.ts';
import { realServer, testLedger } from '../test-ledger.ts';
import { withPrefix } from '../with-prefix.ts';
import { type Acknowledged, chaos } from './chaos.ts';

const long = process.env['PAWL_LONG'] === '1';
const appendsWanted = Number(process.env['PAWL_CHAOS_APPENDS'] ?? (long ? 100_000 : 2000));
const seed = process.env['PAWL_SEED'] ?? 'chaos-1';

/** Where the ledger of one history is: on a wire server of its own, or on the real one that was named. */
async function place(batchAppend: boolean) {
  if (realServer !== null) return testLedger();
  const server = await spawnWireServer({ batchAppend });
  onTestFinished(() => server.stop());
  return { address: withPrefix(server.url, 'chaos'), prefix: 'chaos', server };
}

test.for([
  { writers: 4, scope: 'streams', batchAppend: true, share: 0.6 },
  { writers: 3, scope: 'ledger', batchAppend: true, share: 0.3 },
  { writers: 2, scope: 'streams', batchAppend: false, share: 0.1 },
] as const)(
  `$writers writers ($scope, batch append $batchAppend) lose, double and reorder nothing under faults (seed ${seed})`,
  { timeout: long ? 7_200_000 : 240_000 },
  async ({ writers, scope, batchAppend, share }) => {
    const { address, prefix, server } = await place(batchAppend);
    const appends = Math.round(appendsWanted * share);
    // Short deadlines: a server that never answers is one of the faults.
    const acknowledged = await chaos({
      address: `${address}&defaultDeadline=600`,
      ...{ seed, writers, appends, scope, server, tormentEvery: 400 },
    });
    const store = await openStore(address, { mode: 'read', create: false, cacheDirectory: null });
    onTestFinished(() => store.close());
    const stored = await Array.fromAsync(store.readAll());

    expect(missing(acknowledged, stored)).toEqual([]);
    expect(new Set(stored.map(({ id }) => id)).size).toBe(stored.length);
    expect(stored.map(({ position }) => position)).toEqual(stored.map((_, index) => index));
    const next = new Map<string, number>();
    for (const { stream, revision } of stored) {
      expect(revision).toBe(next.get(stream) ?? 0);
      next.set(stream, revision + 1);
    }
    // The tree as an independent reader of the whole log derives it.
    expect(Buffer.from((await store.head()).root).toString('hex')).toBe(await rootOfLog(address, prefix));
    const { problems } = await verifyLedger(store, { deep: true });
    expect(problems).toEqual([]);
    if (server !== null) {
      const counts = await server.faultCounts();
      const kinds = Object.keys(counts).length;
      console.log(`${acknowledged.length} records acknowledged, ${stored.length} stored, faults:`, counts);
      if (appends >= 100) expect(kinds).toBeGreaterThan(3);
    }
  },
);

/** What was acknowledged and is not there, or is there with other bytes; and what was acknowledged twice. */
function missing(
  acknowledged: readonly Acknowledged[],
  stored: readonly { readonly stream: string; readonly revision: number; readonly leaf: Uint8Array }[],
): readonly string[] {
  const leaves = new Map(
    stored.map(({ stream, revision, leaf }) => [`${stream} ${revision}`, Buffer.from(leaf).toString('hex')]),
  );
  const seen = new Set<string>();
  return acknowledged.flatMap(({ writer, stream, revision, leaf }) => {
    const at = `${stream} ${revision}`;
    const twice = seen.has(at);
    seen.add(at);
    if (leaves.get(at) === leaf && !twice) return [];
    return [`${at} of writer ${writer}: ${twice ? 'acknowledged twice' : (leaves.get(at) ?? 'missing')}`];
  });
}

/** From the log as the server has it, read by the bare client: nothing of ours is between. */
async function rootOfLog(address: string, prefix: string): Promise<string> {
  const client = EventStoreDBClient.connectionString(
    address.replace(/[?&]prefix=[^&]*/, '').replace(/\?$/, ''),
  );
  try {
    const tree = new TreeFrontier();
    for await (const { event } of client.readAll()) {
      if (event?.streamId.startsWith(`${prefix}.`)) tree.append(leafHash(event.data as Uint8Array));
    }
    return Buffer.from(tree.root()).toString('hex');
  } finally {
    await client.dispose();
  }
}

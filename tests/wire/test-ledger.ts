import { randomBytes } from 'node:crypto';
import { EventStoreDBClient, streamNameFilter } from '@eventstore/db-client';
import { afterAll } from 'vitest';
import { spawnWireServer } from './server/spawn-wire-server.ts';
import type { WireServer } from './server/wire-server.ts';
import { withPrefix } from './with-prefix.ts';

/** A ledger for one test: an address with a prefix that nothing else uses. */
export interface TestLedger {
  readonly address: string;
  readonly prefix: string;
  /** The wire server behind it, for faults; null on a real server, where there are none to be had. */
  readonly server: WireServer | null;
}

/** Where a real server is, when the tests are to run against one. */
export const realServer = process.env['PAWL_TEST_EVENTSTORE'] || null;

/** One server for each way of appending. */
const shared = new Map<boolean, Promise<WireServer>>();
const prefixes: string[] = [];

/**
 * A new, empty ledger on a wire server that the test file shares, or on the real one that PAWL_TEST_EVENTSTORE names. The wire
 * server ends with the file; on a real server every stream of the prefix is deleted then.
 *
 * @param options whether the server offers the batch way of appending; a real one does as it does
 */
export async function testLedger({ batchAppend = true } = {}): Promise<TestLedger> {
  const prefix = `test_${randomBytes(8).toString('hex')}`;
  if (realServer !== null) {
    prefixes.push(prefix);
    return { address: withPrefix(realServer, prefix), prefix, server: null };
  }
  const starting = shared.get(batchAppend) ?? spawnWireServer({ batchAppend });
  shared.set(batchAppend, starting);
  const server = await starting;
  return { address: withPrefix(server.url, prefix), prefix, server };
}

afterAll(async () => {
  for (const server of shared.values()) await (await server).stop();
  if (realServer !== null && prefixes.length > 0) await deleteStreams(realServer, prefixes);
});

/** Deletes what tests left on a real server, softly: it is gone for readers, and goes for good with the next scavenge. */
async function deleteStreams(url: string, left: readonly string[]): Promise<void> {
  const client = EventStoreDBClient.connectionString(url);
  try {
    const filter = streamNameFilter({ prefixes: left.flatMap((prefix) => [`${prefix}.`, `${prefix}:`]) });
    const names = new Set<string>();
    const subscription = client.subscribeToAll({ filter });
    subscription.on('caughtUp', () => void subscription.unsubscribe());
    for await (const { event } of subscription) if (event !== undefined) names.add(event.streamId);
    for (const name of names) {
      await client.deleteStream(name).catch((error: { readonly type?: string }) => {
        // The test has deleted it for good, as an erased blob is.
        if (error.type !== 'stream-deleted') throw error;
      });
    }
  } finally {
    await client.dispose();
  }
}

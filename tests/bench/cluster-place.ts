import { randomBytes } from 'node:crypto';
import { spawnWireServer } from '../wire/server/spawn-wire-server.ts';

/**
 * Where a measurement on a cluster is made: on a wire server of its own, on the other core, or on the real one that was named.
 */
export interface ClusterPlace {
  /** For the bare client. */
  readonly url: string;
  /** Of a new ledger at every call. */
  address(): string;
  stop(): Promise<void>;
}

export async function clusterPlace(): Promise<ClusterPlace> {
  const named = process.env['PAWL_TEST_EVENTSTORE'] || null;
  const server = named === null ? await spawnWireServer() : null;
  const url = named ?? server?.url ?? '';
  return {
    url,
    address: () => `${url}${url.includes('?') ? '&' : '?'}prefix=bench_${randomBytes(6).toString('hex')}`,
    stop: async () => server?.stop(),
  };
}

import type { Clock } from '../../../../src/kernel/clock.ts';
import { seededRandom } from '../../../../src/kernel/random.ts';
import { parseEventstoreAddress } from '../../../../src/ledger/stores/eventstore/address.ts';
import { openDbClient } from '../../../../src/ledger/stores/eventstore/db-client/open-db-client.ts';
import type { LogClient } from '../../../../src/ledger/stores/eventstore/log-client.ts';
import {
  type EventstoreWorkQueue,
  openEventstoreWorkQueue,
} from '../../../../src/ledger/stores/eventstore/queue/eventstore-work-queue.ts';

/** A queue with a client of its own, as one more process has it. */
export interface QueueOnWire {
  readonly queue: EventstoreWorkQueue;
  readonly client: LogClient;
  readonly close: () => Promise<void>;
}

/** @param address of a ledger, with its prefix */
export async function openQueueOnWire(address: string, clock: Clock, seed = 'queue'): Promise<QueueOnWire> {
  const { settings, prefix } = parseEventstoreAddress(address);
  const client = await openDbClient(settings);
  const random = seededRandom(seed);
  const queue = openEventstoreWorkQueue({ client, prefix, address: client.address, clock, random });
  const close = async (): Promise<void> => {
    await queue.close();
    await client.dispose();
  };
  return { queue, client, close };
}

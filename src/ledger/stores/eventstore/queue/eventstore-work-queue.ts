import type { Clock } from '../../../../kernel/clock.ts';
import type { Random } from '../../../../kernel/random.ts';
import type { WorkQueue } from '../../../work-queue.ts';
import type { LogClient } from '../log-client.ts';

/** What the work queue of a log database is made of. */
export interface EventstoreQueueParts {
  /** Not disposed of by the queue. */
  readonly client: LogClient;
  /** Of the ledger on that database. */
  readonly prefix: string;
  /** For people, without credentials. */
  readonly address: string;
  readonly clock: Clock;
  /** For the spread of waiting times alone. */
  readonly random: Random;
}

/** A work queue as the store keeps it. */
export interface EventstoreWorkQueue extends WorkQueue {
  /** Leaves every group; calls under way end. To be called before the client is disposed of. Idempotent. */
  close(): Promise<void>;
}

import type { Clock } from '../../../../src/kernel/clock.ts';
import type { WorkQueue } from '../../../../src/ledger/work-queue.ts';

/** A place for queues, empty at first: what several processes share. */
export interface WorkQueuePlace {
  /** As one more process opens it. Whatever the queue times, it times by `clock.monotonic`. */
  open(clock: Clock): Promise<{ readonly queue: WorkQueue; readonly close: () => Promise<void> }>;
  /** Resolves once every opened queue can see what was written before the call. */
  synced(): Promise<void>;
}

/** Gives an empty place to each test; what it needs cleared away is its own business (`onTestFinished`). */
export type MakePlace = () => Promise<WorkQueuePlace>;

import type { StreamName } from '../kernel/brand.ts';

/** One episode that a worker can take, as its run scheduled it. */
export interface WorkItem {
  readonly run: StreamName;
  readonly episode: StreamName;
}

/** How long a silent worker keeps what it took, and how often an episode is handed out before it is parked. */
export interface WorkTerms {
  readonly leaseMs: number;
  readonly attemptsMax: number;
}

/** Who an item was taken over from, and why it was to be had. */
export interface TakenFrom {
  readonly worker: string;
  /** `lapsed`: nothing was heard of that worker for the length of a lease. */
  readonly why: 'lapsed' | 'released' | 'failed';
}

/**
 * The right to work on one item, as far as it goes: it keeps two workers from doing the same work, not from harming each other.
 * Against that there is the expected revision of the episode's stream alone, so that a worker whose lease has lapsed without its
 * knowing can only waste work.
 */
export interface Lease {
  readonly item: WorkItem;
  /** 1 for the first worker that took it. Being released does not count as an attempt. */
  readonly attempt: number;
  readonly from: TakenFrom | null;
  /** Aborted when another worker has taken the item over. May come late, or never. */
  readonly lost: AbortSignal;
  /** It is done, and is not handed out again. */
  finish(): Promise<void>;
  /** Somebody else may have it at once; nothing is held against it. */
  release(): Promise<void>;
  /** The attempt failed: handed out again while attempts are left, parked with the reason when none is. */
  fail(reason: string): Promise<'handed out again' | 'parked'>;
}

export type WorkItemStanding =
  | { readonly kind: 'waiting'; readonly attempts: number }
  | { readonly kind: 'taken'; readonly attempt: number; readonly worker: string }
  | { readonly kind: 'parked'; readonly attempts: number; readonly reason: string }
  | { readonly kind: 'finished' };

export interface WorkItemState extends WorkItem {
  readonly standing: WorkItemStanding;
}

/** What a worker says of itself with every heartbeat. */
export interface WorkerPulse {
  /** Name of the worker; unique among all that ever worked on the ledger. */
  readonly worker: string;
  /** Rises with every heartbeat; what others watch, by clocks of their own. */
  readonly beat: number;
  /** The worker's own clock, milliseconds since the epoch: for people, never compared with another clock. */
  readonly at: number;
  readonly slots: number;
  readonly capabilities: readonly string[];
  readonly working: readonly WorkItem[];
  /** True once it takes nothing more. */
  readonly draining: boolean;
}

/**
 * Leases and heartbeats as data, beside the ledger. Nothing here is history: all of it can be lost and follows again from the
 * ledger (which runs are queued, which episodes have ended), at the cost of work that is done twice.
 *
 * A lease lapses when a watcher has seen no new beat of its worker for `leaseMs` on the watcher's own monotonic clock, so that
 * clocks need not agree. Workers call `beat` several times per lease.
 *
 * Errors: those of `EventStore`.
 */
export interface WorkQueue {
  /** Makes the items of a run available, in order. Idempotent; also what repairs a queue that was lost. */
  offer(run: StreamName, items: readonly WorkItem[], terms: WorkTerms): Promise<void>;
  /**
   * The next item of a run for this worker: never taken, released, failed with attempts left, or taken by a worker that fell
   * silent. Waits up to `waitMs`, and less when `signal` is aborted; null when there was none. An item whose attempts are used
   * up is not handed out but parked, with the reason that it was lost so often.
   */
  take(run: StreamName, worker: string, waitMs: number, signal: AbortSignal): Promise<Lease | null>;
  beat(pulse: WorkerPulse): Promise<void>;
  /** The last pulse of every worker that was heard of lately, by name. */
  pulses(): Promise<readonly WorkerPulse[]>;
  /** How every item of a run stands, in the order of offering. */
  items(run: StreamName): Promise<readonly WorkItemState[]>;
  /** Parked items of a run may be taken again, with all their attempts. Returns which. */
  unpark(run: StreamName): Promise<readonly WorkItem[]>;
  /** The run has ended: everything kept for it is dropped. Idempotent. */
  withdraw(run: StreamName): Promise<void>;
}

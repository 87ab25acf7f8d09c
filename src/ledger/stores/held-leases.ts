import type { Lease, TakenFrom, WorkItem } from '../work-queue.ts';
import type { KeptItem } from './kept-item.ts';
import type { Settlement } from './settle-item.ts';

/** A lease as its queue remembers it. */
export interface HeldLease {
  readonly item: WorkItem;
  readonly worker: string;
  readonly grant: string;
}

/** Settles an item under a grant, and gives it as it is then; undefined when the queue does not have it any more. */
export type Settle = (held: HeldLease, how: Settlement) => Promise<KeptItem | undefined>;

/** The leases that were handed out through one queue object, until they are settled or lost. */
export class HeldLeases {
  readonly #held = new Map<string, { readonly lease: HeldLease; readonly lost: AbortController }>();
  readonly #settle: Settle;

  constructor(settle: Settle) {
    this.#settle = settle;
  }

  grant(lease: HeldLease, attempt: number, from: TakenFrom | null): Lease {
    const lost = new AbortController();
    this.#held.set(lease.grant, { lease, lost });
    const end = async (how: Settlement): Promise<KeptItem | undefined> => {
      const after = await this.#settle(lease, how);
      this.learn(lease, after);
      this.#held.delete(lease.grant);
      return after;
    };
    return {
      item: lease.item,
      attempt,
      from,
      lost: lost.signal,
      finish: async () => void (await end({ kind: 'finish' })),
      release: async () => void (await end({ kind: 'release' })),
      async fail(reason) {
        const after = await end({ kind: 'fail', reason });
        return after?.state === 'parked' ? 'parked' : 'handed out again';
      },
    };
  }

  of(worker: string): readonly HeldLease[] {
    return [...this.#held.values()].map(({ lease }) => lease).filter((lease) => lease.worker === worker);
  }

  /** Takes in how an item stands. One that the queue has forgotten was taken over by nobody. */
  learn(lease: HeldLease, item: KeptItem | undefined): void {
    if (item === undefined || item.grant === lease.grant) return;
    this.#held.get(lease.grant)?.lost.abort();
    this.#held.delete(lease.grant);
  }
}

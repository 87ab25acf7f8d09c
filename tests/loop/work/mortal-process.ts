import type { EventStore } from '../../../src/ledger/event-store.ts';
import type { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import type { Lease, WorkQueue } from '../../../src/ledger/work-queue.ts';

/** Calls that change something, in a ledger or in its queue: before or after any of them a process can die. */
const deadly = new Set(['append', 'offer', 'take', 'finish', 'release', 'fail', 'unpark', 'withdraw']);

class ProcessDied extends Error {
  override readonly name = 'ProcessDied';
}

/**
 * A store and its queue as a process has them that dies at the k-th call that changes something (from 1), before it or after it.
 * From then on nothing it does has any effect. What was stored stays in the store that is wrapped.
 */
export class MortalProcess {
  readonly store: EventStore;
  readonly queue: WorkQueue;
  readonly #at: number;
  readonly #after: boolean;
  calls = 0;
  dead = false;

  constructor(store: ReturnType<typeof openMemoryStore>, at: number, after: boolean) {
    this.#at = at;
    this.#after = after;
    this.store = this.#mortal(store as EventStore);
    this.queue = this.#mortal(store.workQueue());
  }

  #mortal<Target extends object>(target: Target): Target {
    return new Proxy(target, {
      get: (_, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]) => {
          this.#mustLive();
          const call = () => Reflect.apply(member, target, given);
          return deadly.has(String(name)) ? this.#count(call) : call();
        };
      },
    });
  }

  async #count(call: () => Promise<unknown>): Promise<unknown> {
    this.calls += 1;
    const mine = this.calls === this.#at;
    if (mine && !this.#after) this.dead = true;
    this.#mustLive();
    const result = await call();
    if (mine) this.dead = true;
    this.#mustLive();
    return isLease(result) ? this.#mortal(result) : result;
  }

  #mustLive(): void {
    if (this.dead) throw new ProcessDied('the process is gone');
  }
}

function isLease(value: unknown): value is Lease {
  return typeof value === 'object' && value !== null && 'lost' in value;
}

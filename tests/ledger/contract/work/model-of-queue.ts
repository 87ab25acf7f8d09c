import { expect } from 'vitest';
import { lostReason } from '../../../../src/ledger/stores/judge-take.ts';
import type { Lease } from '../../../../src/ledger/work-queue.ts';
import { leaseMs, numberOf } from './queue-items.ts';
import type { TestWorker } from './test-worker.ts';

export const attemptsMax = 3;

interface ModelItem {
  standing: 'waiting' | 'taken' | 'parked' | 'finished';
  attempts: number;
  /** The last one that was given; the holder's while it is taken. */
  lease: ModelLease | null;
  gaveBack: 'released' | 'failed' | null;
  reason: string;
}

export interface ModelLease {
  readonly worker: TestWorker;
  readonly lease: Lease;
}

/** What the port's text says, written without any thought of speed. It allows any order; who may take what is exact. */
export class ModelOfQueue {
  readonly #items = new Map<number, ModelItem>();
  /** What each watcher's clock showed when the last sign of each worker was given: no watcher can have seen it earlier. */
  readonly #signs = new Map<TestWorker, Map<TestWorker, number>>();
  readonly #given: ModelLease[] = [];

  offered(numbers: readonly number[]): void {
    for (const number of numbers) {
      if (this.#items.has(number)) continue;
      this.#items.set(number, { standing: 'waiting', attempts: 0, lease: null, gaveBack: null, reason: '' });
    }
  }

  /** Something was heard of the worker; `watchers` are all there are. */
  sign(worker: TestWorker, watchers: readonly TestWorker[]): void {
    for (const watcher of watchers) {
      const seen = this.#signs.get(watcher) ?? new Map<TestWorker, number>();
      this.#signs.set(watcher, seen.set(worker, watcher.clock.monotonic()));
    }
  }

  /** @param lease what a look for something to take has given */
  looked(worker: TestWorker, lease: Lease | null, standings: readonly string[]): void {
    this.#parkLost(worker, standings);
    if (lease === null) {
      const waiting = [...this.#items].filter(([, { standing }]) => standing === 'waiting');
      expect(waiting, 'nothing was given, and these were waiting').toEqual([]);
      return;
    }
    const item = this.#items.get(numberOf(lease.item));
    if (item === undefined) throw new Error('never offered');
    expect(['waiting', 'taken']).toContain(item.standing);
    if (item.standing === 'taken')
      expect(this.#silent(worker, item), 'taken from a worker that lives').toBe(true);
    const why = item.standing === 'taken' ? 'lapsed' : item.gaveBack;
    const from = item.lease === null || why === null ? null : { worker: item.lease.worker.name, why };
    expect([lease.attempt, lease.from]).toEqual([item.attempts + 1, from]);
    expect(lease.attempt).toBeLessThanOrEqual(attemptsMax);
    const given = { worker, lease };
    Object.assign(item, { standing: 'taken', attempts: lease.attempt, lease: given, gaveBack: null });
    this.#given.push(given);
  }

  settled(given: ModelLease, way: 'finish' | 'release' | 'fail', standings: readonly string[]): void {
    const number = numberOf(given.lease.item);
    const item = this.#items.get(number);
    if (item === undefined || item.lease !== given) return;
    if (way === 'finish' && item.standing === 'parked' && standings.includes(`${number} finished`)) {
      // It was taken for lost, and has come back before anybody else began: a queue may believe it.
      item.standing = 'finished';
    }
    if (item.standing !== 'taken') return;
    if (way === 'finish') item.standing = 'finished';
    else if (way === 'release') {
      Object.assign(item, { standing: 'waiting', attempts: item.attempts - 1, gaveBack: 'released' });
    } else {
      const standing = item.attempts < attemptsMax ? 'waiting' : 'parked';
      Object.assign(item, { standing, gaveBack: 'failed', reason: 'no room' });
    }
  }

  unparked(numbers: readonly number[]): void {
    const parked = [...this.#items].filter(([, { standing }]) => standing === 'parked');
    expect(numbers).toEqual(parked.map(([number]) => number));
    for (const [, item] of parked) {
      Object.assign(item, { standing: 'waiting', attempts: 0, lease: null, gaveBack: null });
    }
  }

  /** As the queue would list them. */
  standings(): readonly string[] {
    return [...this.#items].map(([number, { standing, attempts, lease, reason }]) => {
      if (standing === 'finished') return `${number} finished`;
      if (standing === 'waiting') return `${number} waiting ${attempts}`;
      if (standing === 'parked') return `${number} parked ${attempts} ${reason}`;
      return `${number} taken ${attempts} ${lease?.worker.name}`;
    });
  }

  /** Nobody who holds something is told that it lost it. */
  checkHolders(): void {
    for (const item of this.#items.values()) {
      if (item.standing === 'taken') expect(item.lease?.lease.lost.aborted).toBe(false);
    }
  }

  get leases(): readonly ModelLease[] {
    return this.#given;
  }

  get open(): number {
    return [...this.#items.values()].filter(({ standing }) => standing !== 'finished').length;
  }

  #silent(watcher: TestWorker, item: ModelItem): boolean {
    const holder = item.lease?.worker;
    if (holder === undefined || holder.name === watcher.name) return false;
    const heardMs = this.#signs.get(watcher)?.get(holder);
    return heardMs !== undefined && watcher.clock.monotonic() - heardMs >= leaseMs;
  }

  /** Items whose last attempt was lost with its worker: a look may park them, none has to before it sees them. */
  #parkLost(watcher: TestWorker, standings: readonly string[]): void {
    for (const [number, item] of this.#items) {
      if (item.standing !== 'taken' || item.attempts < attemptsMax || !this.#silent(watcher, item)) continue;
      const reason = lostReason(item.attempts, item.lease?.worker.name ?? '');
      if (!standings.includes(`${number} parked ${item.attempts} ${reason}`)) continue;
      Object.assign(item, { standing: 'parked', reason });
    }
  }
}

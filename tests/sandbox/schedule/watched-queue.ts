import { expect } from 'vitest';
import {
  type Entry,
  FairQueue,
  type FairQueueBounds,
  type RunAccount,
} from '../../../sandbox/schedule/fair-queue.ts';

type Queued = Entry<string>;
type Account = RunAccount<string>;

/** A run that began to wait with nothing under way and nothing owed, and what started since. */
interface Newcomer {
  readonly head: Queued;
  readonly before: ReadonlySet<Account>;
  readonly starts: Map<Account, number>;
}

/** Watches a queue from outside and holds it to what it promises, with sums and searches of its own. */
export class WatchedQueue {
  readonly queue: FairQueue<string>;
  readonly accounts: readonly Account[];
  readonly entries: Queued[] = [];
  readonly #bounds: FairQueueBounds;
  readonly #newcomers = new Map<Account, Newcomer>();
  #level = 0;

  constructor(weights: readonly number[], bounds: FairQueueBounds) {
    this.#bounds = bounds;
    this.queue = new FairQueue(bounds);
    this.accounts = weights.map((weight) => this.queue.account(weight));
  }

  get underWay(): readonly Queued[] {
    return this.entries.filter(({ state }) => state === 'under way');
  }

  add(run: number, bytes: number): void {
    const account = this.accounts[run % this.accounts.length] as Account;
    const isNew = account.waiting.first === null && account.underWay === 0 && account.used <= this.#level;
    const before = new Set(this.accounts.filter((other) => other !== account && idleAndWaiting(other)));
    const head = this.queue.add(account, `${this.entries.length}`, bytes);
    this.entries.push(head);
    if (isNew) this.#newcomers.set(account, { head, before, starts: new Map() });
    this.startAll();
  }

  end(at: number, wallMs: number): void {
    const { underWay } = this;
    const entry = underWay[at % Math.max(1, underWay.length)];
    if (entry !== undefined) this.queue.end(entry, wallMs);
    this.startAll();
  }

  withdraw(at: number): void {
    const waiting = this.entries.filter(({ state }) => state === 'waiting');
    const entry = waiting[at % Math.max(1, waiting.length)];
    if (entry === undefined) return;
    if (this.#newcomers.get(entry.account)?.head === entry) this.#newcomers.delete(entry.account);
    expect(this.queue.withdraw(entry)).toBe(true);
    this.startAll();
  }

  startAll(): void {
    for (;;) {
      const could = this.accounts.filter((account) => this.#couldStart(account));
      const underWay = new Map(this.accounts.map((account) => [account, account.underWay]));
      const entry = this.queue.next();
      if (entry === null) {
        this.#checkNothingCould(could);
        return;
      }
      const { account } = entry;
      const share = (underWay.get(account) ?? 0) / account.weight;
      for (const other of could) expect(share).toBeLessThanOrEqual((underWay.get(other) ?? 0) / other.weight);
      this.#level = Math.max(this.#level, account.used);
      this.#checkBounds();
      this.#checkNewcomers(account);
    }
  }

  #couldStart(account: Account): boolean {
    const head = account.waiting.first;
    if (head === null || account.underWay >= this.#bounds.underWayPerRunMax) return false;
    const bytes = this.underWay.reduce((sum, entry) => sum + entry.bytes, head.bytes);
    return this.#bounds.memoryBytesMax === null || bytes <= this.#bounds.memoryBytesMax;
  }

  /** Nothing idles but for a bound, or for one that was overtaken often enough. */
  #checkNothingCould(could: readonly Account[]): void {
    if (this.underWay.length >= this.#bounds.underWayMax || could.length === 0) return;
    const isReserved = this.accounts.some(
      (account) =>
        (account.waiting.first?.overtaken ?? -1) >= this.#bounds.overtakenMax && !this.#couldStart(account),
    );
    expect(isReserved).toBe(true);
    expect(this.underWay.length).toBeGreaterThan(0);
  }

  #checkBounds(): void {
    const { underWayMax, underWayPerRunMax, memoryBytesMax, overtakenMax } = this.#bounds;
    const bytes = this.underWay.reduce((sum, entry) => sum + entry.bytes, 0);
    expect(this.underWay.length).toBeLessThanOrEqual(underWayMax);
    expect(bytes).toBeLessThanOrEqual(memoryBytesMax ?? Number.POSITIVE_INFINITY);
    expect([this.queue.underWay, this.queue.underWayBytes]).toEqual([this.underWay.length, bytes]);
    for (const { underWay, waiting } of this.accounts) {
      expect(underWay).toBeLessThanOrEqual(underWayPerRunMax);
      expect(waiting.first?.overtaken ?? 0).toBeLessThanOrEqual(overtakenMax);
    }
  }

  /** Of the others, only those who waited with nothing under way start before, once each; and those who fit where it does not. */
  #checkNewcomers(started: Account): void {
    this.#newcomers.delete(started);
    for (const { head, before, starts } of this.#newcomers.values()) {
      starts.set(started, (starts.get(started) ?? 0) + 1);
      let unpaid = 0;
      for (const [account, count] of starts) unpaid += Math.max(0, count - (before.has(account) ? 1 : 0));
      expect(unpaid).toBeLessThanOrEqual(head.overtaken);
    }
  }
}

function idleAndWaiting({ waiting, underWay }: Account): boolean {
  return waiting.first !== null && underWay === 0;
}

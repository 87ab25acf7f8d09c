import { invariant } from '../../src/kernel/pawl-error.ts';
import { TurnHeap } from './turn-heap.ts';
import { type Place, WaitingList } from './waiting-list.ts';

export interface FairQueueBounds {
  /** Executions under way at a time: of all runs together, and of any one run. */
  readonly underWayMax: number;
  readonly underWayPerRunMax: number;
  /** What all that is under way may claim together, bytes. Null: memory is not counted. */
  readonly memoryBytesMax: number | null;
  /** This often others may start before one whose turn it is and that only lacks memory; then memory is left to run free. */
  readonly overtakenMax: number;
}

/** What one run has waiting and under way, and what it was given so far. */
export interface RunAccount<Item> {
  readonly weight: number;
  readonly waiting: WaitingList<Entry<Item>>;
  underWay: number;
  /** Wall time its executions took, milliseconds, divided by its weight; raised to the queue's own when it begins to wait. */
  used: number;
  /** Among equals whoever has waited longest for a turn. */
  turn: number;
  heapIndex: number;
}

/** One execution that waits or is under way. */
export interface Entry<Item> extends Place<Entry<Item>> {
  readonly item: Item;
  readonly bytes: number;
  readonly account: RunAccount<Item>;
  state: 'waiting' | 'under way' | 'gone';
  overtaken: number;
}

/** Runs that lack memory are passed over in the search for one that fits: no more than this, so that it stays cheap. */
const searchedMax = 16;
/** What an execution is charged, milliseconds: nothing is for nothing, so that turns go round, and no slip is for ever. */
const chargeMsMin = 1;
const chargeMsMax = 24 * 60 * 60_000;

/**
 * Which execution starts next. Within a run the order is the order of arrival. Between runs it is the one with
 *
 * 1. the fewest executions under way, divided by its weight;
 * 2. among those, the least wall time used, divided by its weight. Who comes back after a time without anything waiting
 *    starts no lower than where the others are, so that idleness is not saved up (start-time fair queueing: P. Goyal,
 *    H. M. Vin, H. Cheng, SIGCOMM 1996, where there is one slot);
 * 3. among those, the longest wait for a turn.
 *
 * What follows, and is tested: a run with nothing under way that owes no time waits for at most one start of each other run
 * that was waiting with nothing under way before it, however much those have queued. One that lacks memory lets at most
 * `overtakenMax` later ones pass, and then nothing starts until it fits. No clock, no chance: equal calls, equal order.
 */
export class FairQueue<Item> {
  readonly #bounds: FairQueueBounds;
  readonly #heap = new TurnHeap<RunAccount<Item>>(isBefore);
  #underWay = 0;
  #bytes = 0;
  #waiting = 0;
  /** `used` of the run that started last: level with it, nobody owes or is owed. */
  #level = 0;
  #turns = 0;

  constructor(bounds: FairQueueBounds) {
    this.#bounds = bounds;
  }

  get underWay(): number {
    return this.#underWay;
  }

  get underWayBytes(): number {
    return this.#bytes;
  }

  get waiting(): number {
    return this.#waiting;
  }

  account(weight: number): RunAccount<Item> {
    return { weight, waiting: new WaitingList(), underWay: 0, used: 0, turn: 0, heapIndex: -1 };
  }

  add(account: RunAccount<Item>, item: Item, bytes: number): Entry<Item> {
    const state = 'waiting';
    const entry: Entry<Item> = { item, bytes, account, state, overtaken: 0, before: null, after: null };
    const isFirst = account.waiting.first === null;
    account.waiting.append(entry);
    this.#waiting += 1;
    if (isFirst) this.#place(account);
    return entry;
  }

  /** The next to start, which is under way from then on; null when nothing may start now. O(log runs). */
  next(): Entry<Item> | null {
    if (this.#underWay >= this.#bounds.underWayMax) return null;
    const passed: RunAccount<Item>[] = [];
    const found = this.#search(passed);
    for (const account of passed) this.#heap.add(account);
    if (found === null) return null;
    for (const { waiting } of passed) if (waiting.first !== null) waiting.first.overtaken += 1;
    this.#start(found);
    return found;
  }

  /** An execution ended, after so many milliseconds. */
  end(entry: Entry<Item>, wallMs: number): void {
    invariant(entry.state === 'under way', 'what ends was under way');
    entry.state = 'gone';
    const { account } = entry;
    const chargeMs = wallMs > chargeMsMin ? Math.min(wallMs, chargeMsMax) : chargeMsMin;
    account.used += chargeMs / account.weight;
    account.underWay -= 1;
    this.#underWay -= 1;
    this.#bytes -= entry.bytes;
    this.#place(account);
  }

  /** What had ended waits again, before or after all others of its run. */
  putBack(entry: Entry<Item>, where: 'first' | 'last'): void {
    invariant(entry.state === 'gone', 'what is put back had ended');
    const { account } = entry;
    entry.state = 'waiting';
    if (where === 'first') account.waiting.prepend(entry);
    else account.waiting.append(entry);
    this.#waiting += 1;
    this.#place(account);
  }

  /** False where it does not wait (any more). */
  withdraw(entry: Entry<Item>): boolean {
    if (entry.state !== 'waiting') return false;
    entry.state = 'gone';
    const { account } = entry;
    account.waiting.remove(entry);
    this.#waiting -= 1;
    if (account.waiting.first === null) this.#heap.remove(account);
    return true;
  }

  /** Takes everything out that a run has waiting, in its order. */
  withdrawAll(account: RunAccount<Item>): readonly Item[] {
    const items: Item[] = [];
    for (let entry = account.waiting.first; entry !== null; entry = account.waiting.first) {
      items.push(entry.item);
      this.withdraw(entry);
    }
    return items;
  }

  #search(passed: RunAccount<Item>[]): Entry<Item> | null {
    const { memoryBytesMax, overtakenMax } = this.#bounds;
    while (passed.length < searchedMax) {
      const account = this.#heap.first;
      const entry = account?.waiting.first ?? null;
      if (account === null || entry === null) return null;
      if (memoryBytesMax === null || this.#bytes + entry.bytes <= memoryBytesMax) return entry;
      if (entry.overtaken >= overtakenMax) return null;
      this.#heap.remove(account);
      passed.push(account);
    }
    return null;
  }

  #start(entry: Entry<Item>): void {
    const { account } = entry;
    account.waiting.remove(entry);
    entry.state = 'under way';
    this.#waiting -= 1;
    this.#underWay += 1;
    this.#bytes += entry.bytes;
    account.underWay += 1;
    this.#level = Math.max(this.#level, account.used);
    this.#place(account);
  }

  /** Whenever a run begins to wait, or what it has under way changes: its place among the others is another one. */
  #place(account: RunAccount<Item>): void {
    this.#heap.remove(account);
    if (account.waiting.first === null || account.underWay >= this.#bounds.underWayPerRunMax) return;
    account.used = Math.max(account.used, this.#level);
    this.#turns += 1;
    account.turn = this.#turns;
    this.#heap.add(account);
  }
}

function isBefore(left: RunAccount<unknown>, right: RunAccount<unknown>): boolean {
  const underWay = left.underWay * right.weight - right.underWay * left.weight;
  if (underWay !== 0) return underWay < 0;
  if (left.used !== right.used) return left.used < right.used;
  return left.turn < right.turn;
}

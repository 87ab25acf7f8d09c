import type { StreamName } from '../../../../kernel/brand.ts';
import { messageOf } from '../../../../kernel/pawl-error.ts';
import { TreeFrontier } from '../../../audit/tree-frontier.ts';
import type { TreeHead } from '../../../event-store.ts';
import type { LogPosition } from '../log-client.ts';
import { comparePositions } from './compare-positions.ts';
import type { OrderEntry, OrderShelf, StreamStart } from './order-entry.ts';
import { OrderTail } from './order-tail.ts';

/** So many entries are written at once; what a killed process had not written is read from the log again. */
const entriesPerWrite = 4096;

/**
 * Every record of the ledger in order, without its bytes: the beginning on a shelf (a file) where there is one, the rest in
 * memory. Purely local, and only ever grows at the end.
 */
export class OrderIndex {
  readonly #shelf: OrderShelf | null;
  #tail: OrderTail;
  readonly #tree: TreeFrontier;
  #through: LogPosition | null;
  #last: OrderEntry | null;
  /** Entries at which to try the shelf again. */
  #writeAt: number;
  #note: (message: string) => void;

  /** @param note told once when the shelf takes nothing any more; the index is then kept in memory */
  constructor(shelf: OrderShelf | null, note: (message: string) => void) {
    const head = shelf?.head() ?? { size: 0, roots: new Uint8Array(0), through: null };
    this.#shelf = shelf;
    this.#note = note;
    this.#tail = new OrderTail(head.size);
    this.#tree = TreeFrontier.restore(head);
    this.#last = (head.size > 0 && shelf?.entries(head.size - 1, 1)[0]) || null;
    this.#through = head.through;
    this.#writeAt = head.size + entriesPerWrite;
  }

  get size(): number {
    return this.#tail.size;
  }

  get last(): OrderEntry | null {
    return this.#last;
  }

  /** Every record at or before it is here. */
  get through(): LogPosition | null {
    return this.#through;
  }

  push(entry: Omit<OrderEntry, 'position'>): OrderEntry {
    const last = { ...entry, position: this.size };
    this.#tail.push(entry);
    this.#tree.append(entry.leaf);
    this.#last = last;
    this.pass(entry.at);
    if (this.size >= this.#writeAt) this.write();
    return last;
  }

  /** What lies behind and is not here is none of ours. */
  pass(at: LogPosition): void {
    if (comparePositions(at, this.#through) > 0) this.#through = at;
  }

  /** Forgets what was seen behind the last record. */
  passOnlyLast(): void {
    this.#through = this.#last?.at ?? null;
  }

  head(): TreeHead {
    return { ...this.#tree.state(), root: this.#tree.root() };
  }

  /** At most `count` from a position on, fewer also where the shelf ends. */
  entries(from: number, count: number): readonly OrderEntry[] {
    const { base } = this.#tail;
    if (from >= base) return this.#tail.entries(from, count);
    return this.#shelf?.entries(from, Math.min(count, base - from)) ?? [];
  }

  leaves(from: number, count: number): readonly Uint8Array[] {
    const { base } = this.#tail;
    if (from >= base) return this.#tail.leaves(from, count);
    return this.#shelf?.leaves(from, Math.min(count, base - from)) ?? [];
  }

  lastRevision(stream: StreamName): number {
    const inTail = this.#tail.lastRevision(stream);
    return inTail >= 0 ? inTail : (this.#shelf?.lastRevision(stream, this.#tail.base) ?? -1);
  }

  /** Positions of at most `count` records of a stream from a revision on. */
  positions(stream: StreamName, fromRevision: number, count: number): readonly number[] {
    const inTail = this.#tail.positions(stream, fromRevision, count);
    if (this.#shelf === null || inTail.length === count) return inTail;
    return [...this.#shelf.positions(stream, fromRevision, count, this.#tail.base), ...inTail].slice(
      0,
      count,
    );
  }

  /** At most `count` streams whose first record is at `from` or behind, in that order. */
  streams(from: number, count: number): readonly StreamStart[] {
    const onShelf = this.#shelf?.streams(from, count, this.#tail.base) ?? [];
    return [...onShelf, ...this.#tail.streams(from, count - onShelf.length)];
  }

  /** Puts the tail on the shelf, as far as that is possible now. */
  write(): void {
    const { base } = this.#tail;
    this.#writeAt = this.size + entriesPerWrite;
    if (this.#shelf === null) return;
    const entries = (from: number, count: number): readonly OrderEntry[] => this.#tail.entries(from, count);
    const head = { ...this.#tree.state(), through: this.#through };
    const failure = this.#shelf.extend(base, entries, head);
    if (failure === null) this.#tail = new OrderTail(this.size);
    // Whoever else writes is soon done.
    else if (failure.code !== 'LEDGER_BUSY') {
      this.#note(`The order of the ledger is kept in memory from now on. ${failure.message}`);
      this.#note = () => undefined;
    }
  }

  /** Never throws: nothing is lost that the log does not have. */
  close(): void {
    try {
      this.write();
    } catch (error) {
      this.#note(messageOf(error));
    }
    this.#shelf?.close();
  }
}

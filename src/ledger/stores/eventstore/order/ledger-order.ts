import type { StreamName } from '../../../../kernel/brand.ts';
import type { Clock } from '../../../../kernel/clock.ts';
import type { PawlError } from '../../../../kernel/pawl-error.ts';
import type { Random } from '../../../../kernel/random.ts';
import type { StoredRecord, TreeHead } from '../../../event-store.ts';
import type { LogClient } from '../log-client.ts';
import { openShelf } from './open-shelf.ts';
import type { OrderShelf } from './order-entry.ts';
import { ledgerReplaced, orderFaults } from './order-faults.ts';
import { OrderIndex } from './order-index.ts';
import { OrderPursuit } from './order-pursuit.ts';
import { readRange } from './read-range.ts';
import type { PlacedEvent } from './recent-records.ts';
import { rememberLedger } from './remember-ledger.ts';
import { toStoredRecord } from './to-stored-record.ts';

export interface LedgerOrderOptions {
  readonly client: LogClient;
  /** Records of the ledger stream S are in `<prefix>.S` of the log. */
  readonly prefix: string;
  /** From the identity that the database holds; what is remembered on this machine is filed under it. */
  readonly ledgerId: string;
  /** For people and for the memory of which ledger was at which address; without credentials. */
  readonly address: string;
  /** Where the index and the snapshots may lie; null: everything in memory. Made when it is not there. */
  readonly cacheDirectory: string | null;
  readonly clock: Clock;
  /** Spreads the attempts to connect again. */
  readonly random: Random;
  /** Gives a failure of the client its place in the error table; what is coded already stays as it is. */
  readonly coded: (error: unknown) => PawlError;
  /** Told once when the index cannot be kept on disk; everything works without. */
  readonly note: (message: string) => void;
  /** Time limit of one call of the client. */
  readonly callTimeoutMs: number;
  /** How long whoever waits for a place in the order is kept waiting while the server does not answer. */
  readonly patienceMs: number;
}

/**
 * The order of a ledger whose records lie in many streams of a log: dense 0-based positions, leaves and the RFC 6962 tree, the
 * same in every process, derived from the records in log order. Followed from the first use on; a place once given stays.
 *
 * What the log has and must not have (a gap in a stream, a stream that begins above 0, a record where another was, metadata
 * that drops events, a tombstone, another history than was seen before) is a coded error that names the stream. From then on
 * every call throws it: nothing is folded over a hole.
 *
 * Errors of all methods: `STREAM_TRUNCATED`, `LEDGER_CORRUPT`, `LEDGER_REPLACED`, `LEDGER_CLOSED`, those of `coded`.
 */
export interface LedgerOrder {
  /** Where files that are made again from the ledger may lie: a path that others add a suffix to; null where there is none. */
  readonly cachePath: string | null;
  /**
   * Positions of records of a stream from a revision on that the server acknowledged (now, or earlier), in order. Resolves when
   * all of them were seen in the log, with the leaves that were sent.
   *
   * @throws PawlError `LEDGER_CORRUPT` when the log has other bytes there
   */
  placed(
    stream: StreamName,
    firstRevision: number,
    leaves: readonly Uint8Array[],
  ): Promise<readonly number[]>;
  readAll(fromPosition: number): AsyncIterable<StoredRecord>;
  readTexts(fromPosition: number): AsyncIterable<readonly string[]>;
  readLeaves(fromPosition: number): AsyncIterable<readonly Uint8Array[]>;
  subscribe(fromPosition: number, signal: AbortSignal): AsyncIterable<StoredRecord>;
  head(): Promise<TreeHead>;
  streams(prefix: string): AsyncIterable<StreamName>;
  /** Ends the following and keeps the index. Idempotent; does not dispose of the client. */
  close(): Promise<void>;
}

/**
 * Nothing is asked of the server before the first use, except for the last record that this machine remembers.
 *
 * @throws PawlError `LEDGER_REPLACED` when another ledger, or another history, was at this address before; those of `coded`
 */
export async function openLedgerOrder(options: LedgerOrderOptions): Promise<LedgerOrder> {
  const { cacheDirectory, address, prefix, ledgerId, note } = options;
  if (cacheDirectory !== null) rememberLedger(cacheDirectory, address, prefix, ledgerId);
  const shelf = openShelf(cacheDirectory, ledgerId, note);
  const order = new FollowedOrder(options, shelf);
  try {
    await order.check();
    return order;
  } catch (error) {
    await order.close();
    throw error;
  }
}

const leavesPerRead = 4096;
const namesPerRead = 1024;

class FollowedOrder implements LedgerOrder {
  readonly cachePath: string | null;
  readonly #options: LedgerOrderOptions;
  readonly #index: OrderIndex;
  readonly #pursuit: OrderPursuit;
  #closing: Promise<void> | undefined;

  constructor(options: LedgerOrderOptions, shelf: OrderShelf | null) {
    this.cachePath = shelf?.path ?? null;
    this.#options = options;
    this.#index = new OrderIndex(shelf, options.note);
    const memory = shelf?.path ?? 'nothing';
    const replaced = (why: string): PawlError => ledgerReplaced(options.address, memory, why);
    this.#pursuit = new OrderPursuit({ ...options, index: this.#index, replaced });
  }

  /** That what this machine remembers is still there. */
  async check(): Promise<void> {
    if (this.#index.size > 0) await this.#pursuit.patiently(() => this.#pursuit.resumePoint());
  }

  async placed(
    stream: StreamName,
    firstRevision: number,
    leaves: readonly Uint8Array[],
  ): Promise<readonly number[]> {
    await this.#pursuit.placed(stream, firstRevision + leaves.length - 1);
    const positions = this.#index.positions(stream, firstRevision, leaves.length);
    for (const [index, leaf] of leaves.entries()) {
      const seen = this.#index.leaves(positions[index] as number, 1)[0] as Uint8Array;
      if (Buffer.compare(seen, leaf) === 0) continue;
      throw orderFaults.otherBytes(`${this.#options.prefix}.${stream}`, firstRevision + index);
    }
    return positions;
  }

  async *readAll(fromPosition: number): AsyncGenerator<StoredRecord> {
    for await (const batch of this.#batches(fromPosition)) {
      for (const placed of batch) {
        yield toStoredRecord(placed);
        this.#pursuit.intake.mustBeWell();
      }
    }
  }

  async *readTexts(fromPosition: number): AsyncGenerator<readonly string[]> {
    for await (const batch of this.#batches(fromPosition)) yield batch.map(({ event }) => textOf(event.data));
  }

  async *readLeaves(fromPosition: number): AsyncGenerator<readonly Uint8Array[]> {
    await this.#pursuit.reach();
    const { size } = this.#index;
    for (let next = fromPosition; next < size; ) {
      this.#pursuit.intake.mustBeWell();
      const leaves = this.#index.leaves(next, Math.min(leavesPerRead, size - next));
      yield leaves;
      next += leaves.length;
    }
  }

  async *subscribe(fromPosition: number, signal: AbortSignal): AsyncGenerator<StoredRecord> {
    for (let next = fromPosition; !signal.aborted; ) {
      this.#pursuit.intake.mustBeWell();
      // Between this look and going to sleep nothing else runs, so that no record can slip between the two.
      if (next >= this.#index.size) await this.#pursuit.growth(signal);
      const { size } = this.#index;
      for await (const batch of readRange(this.#pursuit.intake, this.#options, next, size, signal)) {
        for (const placed of batch) {
          if (signal.aborted) return;
          yield toStoredRecord(placed);
          next += 1;
        }
      }
    }
  }

  async head(): Promise<TreeHead> {
    await this.#pursuit.reach();
    return this.#index.head();
  }

  async *streams(prefix: string): AsyncGenerator<StreamName> {
    await this.#pursuit.reach();
    for (let from = 0; ; ) {
      this.#pursuit.intake.mustBeWell();
      const starts = this.#index.streams(from, namesPerRead);
      for (const { stream } of starts) if (stream.startsWith(prefix)) yield stream;
      const last = starts.at(-1);
      if (last === undefined) return;
      from = last.first + 1;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#pursuit.close();
    this.#index.close();
  }

  async *#batches(fromPosition: number): AsyncGenerator<readonly PlacedEvent[]> {
    for (let next = fromPosition; ; ) {
      await this.#pursuit.reach();
      const { size } = this.#index;
      if (next >= size) return;
      const { intake } = this.#pursuit;
      yield* readRange(intake, this.#options, next, size, intake.stopped);
      next = size;
    }
  }
}

function textOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
}

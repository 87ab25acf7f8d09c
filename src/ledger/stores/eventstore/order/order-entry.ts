import type { StreamName } from '../../../../kernel/brand.ts';
import type { PawlError } from '../../../../kernel/pawl-error.ts';
import type { FrontierState } from '../../../audit/tree-frontier.ts';
import type { LogPosition } from '../log-client.ts';

/** What is kept of a record to know its place: everything but its bytes. */
export interface OrderEntry {
  /** 0-based place in the ledger. */
  readonly position: number;
  /** Stream of the ledger, without the prefix it has in the log. */
  readonly stream: StreamName;
  readonly revision: number;
  /** 32 bytes. */
  readonly leaf: Uint8Array;
  /** Where the log has it. */
  readonly at: LogPosition;
}

/** A stream with the position of its first record. */
export interface StreamStart {
  readonly stream: StreamName;
  readonly first: number;
}

/** What goes with the rows: the tree over them, and how far the log was seen. */
export interface OrderHead extends FrontierState {
  /** Every record at or before this place of the log is among the rows; null: nothing is known. */
  readonly through: LogPosition | null;
}

/**
 * A beginning of the order that outlives the process; `order-file.ts` is the one implementation. Other processes put entries
 * there too, so every question says up to where it is asked (`below`, a position).
 */
export interface OrderShelf {
  readonly path: string;
  head(): OrderHead;
  /** At most `count` from a position on. */
  entries(from: number, count: number): readonly OrderEntry[];
  leaves(from: number, count: number): readonly Uint8Array[];
  /** -1 for a stream that is not there. */
  lastRevision(stream: StreamName, below: number): number;
  /** Positions of at most `count` records of a stream from a revision on. */
  positions(stream: StreamName, fromRevision: number, count: number, below: number): readonly number[];
  /** At most `count` streams whose first record is at `from` or behind, in that order. */
  streams(from: number, count: number, below: number): readonly StreamStart[];
  /**
   * Puts entries behind those that are there, from position `base` on; what another process put there meanwhile must be the
   * same. Returns why they could not be written now, null when they were.
   *
   * @throws PawlError `LEDGER_CORRUPT` when what is there is not what this process knows
   */
  extend(
    base: number,
    read: (from: number, count: number) => readonly OrderEntry[],
    head: OrderHead,
  ): PawlError | null;
  close(): void;
}

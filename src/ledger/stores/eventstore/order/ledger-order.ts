import type { StreamName } from '../../../../kernel/brand.ts';
import type { Clock } from '../../../../kernel/clock.ts';
import { PawlError } from '../../../../kernel/pawl-error.ts';
import type { Random } from '../../../../kernel/random.ts';
import type { StoredRecord, TreeHead } from '../../../event-store.ts';
import type { LogClient } from '../log-client.ts';

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
 * @throws PawlError `LEDGER_REPLACED` when another ledger, or another history, was at this address before
 */
export async function openLedgerOrder(options: LedgerOrderOptions): Promise<LedgerOrder> {
  throw new PawlError('INTERNAL', `The order of ${options.address} is under way.`);
}

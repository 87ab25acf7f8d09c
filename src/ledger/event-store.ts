import type { Digest, EventId, StreamName } from '../kernel/brand.ts';
import type { WorkQueue } from './work-queue.ts';

/** A record on its way in: the exact bytes and the id that makes the append idempotent. */
export interface NewRecord {
  readonly id: EventId;
  readonly bytes: Uint8Array;
}

/** A record as stored. */
export interface StoredRecord {
  /** 0-based place in the whole ledger, without gaps; -1 where the store was opened for streams alone and does not know it. */
  readonly position: number;
  readonly stream: StreamName;
  /** 0-based place in its stream, without gaps. */
  readonly revision: number;
  readonly id: EventId;
  readonly bytes: Uint8Array;
  /** RFC 6962 leaf hash of `bytes`, 32 bytes. */
  readonly leaf: Uint8Array;
}

/** Content on its way in, under the SHA-256 of its raw bytes. */
export interface NewBlob {
  readonly digest: Digest;
  readonly bytes: Uint8Array;
}

export type BlobStanding =
  | { readonly kind: 'stored' | 'erased' /** Length of the raw bytes. */; readonly bytes: number }
  | { readonly kind: 'missing' };

/** Records for the end of one stream, stored together or not at all. */
export interface AppendRequest {
  readonly stream: StreamName;
  /** Revision of the last event in the stream, -1 when the stream must not exist yet. */
  readonly expectedRevision: number;
  readonly records: readonly NewRecord[];
  /** Blobs the records refer to; durable no later than the records. */
  readonly blobs: readonly NewBlob[];
  /**
   * The place in the whole ledger that the first record must get; without it any. For whoever writes a ledger down again in its
   * own order, many appends at a time: once one of them failed, none behind it may be stored. A store that gives out positions
   * itself refuses (`LEDGER_NOT_EMPTY`) what would come to lie elsewhere. One whose server gives them out cannot; it sends such
   * appends in the order in which they were asked for, and does not issue one again by itself: an append whose fate is unknown
   * fails, because issued again it could come behind those that were under way after it.
   */
  readonly atPosition?: number;
}

/** Where the records of an append are, once they are durable. */
export interface AppendResult {
  /**
   * Position of each record, in order; of the original ones when the append was a repetition. -1 where the store was opened for
   * streams alone.
   */
  readonly positions: readonly number[];
  readonly lastRevision: number;
  /**
   * True when exactly these records were stored before and nothing was written. A server that gives the same answer in both cases
   * leaves it false for what another process stored, unless this one has seen something behind it.
   */
  readonly repeated: boolean;
}

/** RFC 6962 tree over all records in ledger order. */
export interface TreeHead {
  readonly size: number;
  /** Root hash, 32 bytes; SHA-256 of nothing for an empty tree. */
  readonly root: Uint8Array;
  /** Roots of its complete subtrees (32 bytes each, concatenated, the largest first): what it takes to go on with the tree. */
  readonly roots: Uint8Array;
}

/**
 * The port every store implements and one contract suite checks. An append resolves only when it is durable; positions are
 * assigned in the same critical section, so that a follower never skips. Any number of processes may write one ledger: what
 * keeps them from forking a history is the exact expected revision of each append, and nothing else.
 *
 * Errors: `WRONG_EXPECTED_REVISION`, `EVENT_ID_CONFLICT`, `LEDGER_NOT_EMPTY`, `APPEND_TOO_LARGE`, `STORAGE_FULL`,
 * `STORAGE_FAILED`, `LEDGER_UNREACHABLE`, `LEDGER_ACCESS_DENIED`, `LEDGER_CLOSED`, `LEDGER_READ_ONLY`, `LEDGER_STREAMS_ONLY`,
 * `LEDGER_REPLACED`, `STREAM_TRUNCATED`, `BLOB_NOT_FOUND`, `BLOB_ERASED`, `BLOB_CORRUPT`, `LEDGER_CORRUPT`.
 */
export interface EventStore {
  /** For people: where it is, for example `sqlite:./pawl.db`. */
  readonly address: string;
  /**
   * Of a store that is no file: where on this machine files that are made again from the ledger may lie, as a path that a suffix
   * is added to; null where nothing may be kept.
   */
  readonly cachePath?: string | null;
  /**
   * With exact expected revision. The same ids with the same bytes at the same place succeed with the original positions; the
   * same ids with other bytes at that place are refused (`EVENT_ID_CONFLICT`); anything else at a wrong revision is
   * `WRONG_EXPECTED_REVISION` with the actual revision in its context. All records of a request are stored, or none. An id that
   * is used at another place is refused by the stores that can see it, and found by `verify` in all.
   */
  append(request: AppendRequest): Promise<AppendResult>;
  /** Records of one stream from a revision on (default 0), oldest first; nothing for an unknown stream. */
  readStream(stream: StreamName, fromRevision?: number): AsyncIterable<StoredRecord>;
  /** Records of the whole ledger from a position on (default 0), oldest first, up to what is stored when reached. */
  readAll(fromPosition?: number): AsyncIterable<StoredRecord>;
  /**
   * The records of `readAll` as texts (the UTF-8 of their bytes), in batches: what folds read, at a third of the cost. The
   * first text is that of `fromPosition`, and no position is left out.
   */
  readTexts(fromPosition?: number): AsyncIterable<readonly string[]>;
  /** Leaf hashes (32 bytes each) of all records from a position on, in batches: what trees and proofs are made of. */
  readLeaves(fromPosition?: number): AsyncIterable<readonly Uint8Array[]>;
  /** As `readAll`, then waits for what comes, without gap or repetition, until the signal is aborted. */
  subscribe(fromPosition: number, signal: AbortSignal): AsyncIterable<StoredRecord>;
  /** Revision of the last record of a stream, or -1. */
  lastRevision(stream: StreamName): Promise<number>;
  /** Names of all streams that start with a prefix, in the order of their first record. */
  streams(prefix: string): AsyncIterable<StreamName>;
  /** Stores blobs ahead of any record; storing the same again is free. */
  putBlobs(blobs: readonly NewBlob[]): Promise<void>;
  /** The raw bytes, checked against the digest. `BLOB_ERASED` where they were erased. */
  getBlob(digest: Digest): Promise<Uint8Array>;
  /** What is known of a blob, without reading it: its bytes are stored, were erased, or never came. */
  blobStanding(digest: Digest): Promise<BlobStanding>;
  /**
   * Removes a blob's bytes for good: they are in no file of the ledger any more when this resolves. The digest stays marked, so
   * that the same bytes are never stored again. Idempotent. The event that says who did it and why is the caller's, before.
   *
   * @throws PawlError `BLOB_NOT_FOUND`
   */
  eraseBlob(digest: Digest): Promise<void>;
  /**
   * As `eraseBlob`, also of bytes that never came here: what a copy does with what its original has erased. From then on the
   * standing is `erased` with the length given, or with the true one where the bytes were here, and they are not stored again.
   *
   * @param bytes length of the raw bytes there were
   */
  markErased(digest: Digest, bytes: number): Promise<void>;
  /** Every stored blob's digest, in digest order; erased ones are not among them. */
  blobDigests(): AsyncIterable<Digest>;
  /** Head of the tree over what is durable. */
  head(): Promise<TreeHead>;
  /** Waits for appends under way, releases files and locks. Idempotent. */
  close(): Promise<void>;
}

/** A store as it is opened from an address: with the queue that workers share beside the ledger. */
export interface LedgerStore extends EventStore {
  /** The same object at every call; closed with the store. */
  workQueue(): WorkQueue;
}

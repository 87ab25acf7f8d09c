import type { Digest, EventId, StreamName } from '../../kernel/brand.ts';
import type { BlobStanding, StoredRecord, TreeHead } from '../event-store.ts';
import type { ProblemList } from './problem.ts';

/** A record as verification reads it: as text, which costs a third less to read, hash and parse than bytes do. */
export interface SourceRecord {
  readonly position: number;
  readonly stream: StreamName;
  /** The number that stands for the stream within this ledger. */
  readonly streamRef: number;
  readonly revision: number;
  readonly id: EventId;
  /** The stored bytes, read as UTF-8. */
  readonly text: string;
  /** How many bytes are stored; a text of another length is not all of them. */
  readonly bytes: number;
  /** The stored leaf hash, in lower-case hexadecimal. */
  readonly leaf: string;
}

/** A record that is there and cannot be read, and why. */
export interface UnreadableRecord {
  readonly position: number;
  readonly why: string;
}

/** What verification asks of a place where records lie. Unlike a store it goes on where something cannot be read. */
export interface VerifySource {
  head(): Promise<TreeHead>;
  /** Records with positions in [from, to), in batches, in the order they lie. Throws for nothing that is damaged. */
  records(from: number, to: number): AsyncIterable<readonly (SourceRecord | UnreadableRecord)[]>;
  /** Records of one stream that can be read; whether they are all of it is found out elsewhere. */
  stream(name: string): AsyncIterable<StoredRecord>;
  blobStanding(digest: Digest): Promise<BlobStanding>;
  /** Into how many parts `checkBlobs` and `checkStructure` are divided, so that several threads can share them. */
  parts(): Promise<VerifyParts>;
  /** Every stored blob of one part against its digest; those that were erased are only named. */
  checkBlobs(part: number, problems: ProblemList): Promise<CheckedBlobs>;
  /** What the place keeps beside the records to find them agrees with them. */
  checkStructure(part: number, problems: ProblemList): Promise<void>;
  close(): void;
}

export interface VerifyParts {
  readonly blobs: number;
  readonly structure: number;
}

export interface CheckedBlobs {
  /** Stored ones, without those that were erased. */
  readonly count: number;
  readonly erased: readonly ErasedBlob[];
  /** At most as many as problems are listed. */
  readonly damaged: readonly Digest[];
}

export interface ErasedBlob {
  readonly digest: Digest;
  /** Length of the raw bytes that are gone. */
  readonly bytes: number;
}

import type { Digest } from '../../kernel/brand.ts';

/** A piece of a state's canonical text. */
export interface Piece {
  /** The member of the state that it belongs to; null when it is the whole state. */
  readonly member: string | null;
  /** For some entries of a member that is an object: their keys, in order. Null when the piece is the member's whole value. */
  readonly keys: readonly string[] | null;
  /** UTF-8: `"key":value,"key":value` for entries, a whole JSON value otherwise. */
  readonly bytes: Uint8Array;
}

/** What a snapshot says of itself. */
export interface SnapshotHead {
  readonly projection: string;
  readonly version: number;
  /** Number of records that were folded: the state is that after the record at `size - 1`. */
  readonly size: number;
  /** RFC 6962 leaf hash of the last record folded, and root of the tree over all of them: what ties the state to its ledger. */
  readonly leaf: Digest;
  readonly root: Digest;
  /** Of the state: SHA-256 of the canonical text of `{projection, state, version}`. */
  readonly hash: Digest;
  /** SHA-256 over everything above and how the text is cut into pieces. */
  readonly seal: Digest;
}

export interface Snapshot extends SnapshotHead {
  /** In the order of the canonical text. */
  readonly pieces: readonly Piece[];
}

/**
 * Where snapshots are kept: beside the ledger, by whoever reads it. They are a help, never a source: any of them may be lost or
 * wrong, and nothing fails for it. No method throws; what cannot be read is not there, and what cannot be written is not
 * written.
 */
export interface SnapshotStore {
  /** Those of a projection, or all; largest first. */
  heads(of?: { readonly projection: string; readonly version: number }): readonly SnapshotHead[];
  /** Null when it went away, or is not what it was. */
  load(head: SnapshotHead): Snapshot | null;
  /** Keeps a snapshot in place of those that it makes superfluous. */
  write(snapshot: Snapshot): void;
  remove(head: SnapshotHead): void;
  /** For whoever checks: why the file is no whole file of snapshots; null when it is one, or there is none. */
  damage(): string | null;
  close(): void;
}

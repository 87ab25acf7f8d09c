import type { Digest } from '../../kernel/brand.ts';
import type { StoredRecord } from '../../ledger/event-store.ts';
import type { BundleHeader } from './bundle-format.ts';

/** How a bundle holds a blob: its bytes, or only its digest and size. */
export interface BundleBlob {
  /** Length of the raw bytes, also where they are withheld. */
  readonly bytes: number;
  readonly standing: 'stored' | 'redacted' | 'erased';
}

/** Gives the bytes of a blob whose standing is `stored`. */
export type BlobLoader = (digest: Digest) => Promise<Uint8Array>;

/** A bundle as it is about to be written, or as it was read. */
export interface Bundle {
  readonly header: BundleHeader;
  /** By position in the ledger they come from, ascending. */
  readonly records: readonly StoredRecord[];
  /** Every blob that the records refer to, in digest order. */
  readonly blobs: ReadonlyMap<Digest, BundleBlob>;
  readonly load: BlobLoader;
  /** That the records stand where they say in the tree of the header, as `subsetProof` gives it. */
  readonly proof: readonly Uint8Array[];
}

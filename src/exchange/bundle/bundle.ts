import type { Digest } from '../../kernel/brand.ts';
import type { StoredRecord } from '../../ledger/event-store.ts';
import type { BundleHeader, ProposalHeader, RunHeader } from './bundle-format.ts';

/** How a bundle holds a blob: its bytes, or only its digest and size. */
export interface BundleBlob {
  /** Length of the raw bytes, also where they are withheld. */
  readonly bytes: number;
  /** `outside`: only the examination of another proposal rests on it. */
  readonly standing: 'stored' | 'redacted' | 'erased' | 'outside';
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

/** A bundle of a run, or of one episode of it. */
export type RunBundle = Bundle & { readonly header: RunHeader };

/** A bundle of a proposal: what it was promoted or discarded on. */
export type ProposalBundle = Bundle & { readonly header: ProposalHeader };

export function isProposalBundle(bundle: Bundle): bundle is ProposalBundle {
  return 'proposal' in bundle.header;
}

export function isRunBundle(bundle: Bundle): bundle is RunBundle {
  return 'run' in bundle.header;
}

import type { Digest } from '../../kernel/brand.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { EventStore } from '../event-store.ts';
import type { AnnouncedErasure } from './announced-erasures.ts';
import type { DigestSet } from './digest-set.ts';

/** How far a copy has come, counted over this copying alone. */
export interface CopyCounts {
  records: number;
  recordBytes: number;
  blobs: number;
  /** Raw bytes of blobs. */
  blobBytes: number;
  /** Blobs that are erased in the source, and now marked as erased in the target. */
  erased: number;
}

/** What all steps of one copying share. */
export interface CopyWork {
  readonly source: EventStore;
  readonly target: EventStore;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly allowsMissingBlobs: boolean;
  readonly counts: CopyCounts;
  readonly onProgress: (counts: Readonly<CopyCounts>) => void;
  /** Blobs that the target has. */
  readonly known: DigestSet;
  /** Blobs that the source does not have and should, or has damaged. */
  readonly missing: Set<Digest>;
  readonly erasures: ReadonlyMap<Digest, AnnouncedErasure>;
}

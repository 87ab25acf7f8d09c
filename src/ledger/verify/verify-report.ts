import type { TreeHead } from '../event-store.ts';
import type { Claims } from './claims.ts';
import type { ExplainedErasure } from './erasure-checker.ts';
import type { FirstBad } from './first-bad.ts';
import type { Problem, ProblemList } from './problem.ts';
import type { RegisteredKey, SealedPoint } from './seal-checker.ts';
import type { Trust } from './trust.ts';

/** What a verification found, and the two claims that this supports. */
export interface VerifyReport extends Claims {
  /** Whether nothing wrong was found; what that proves, the claims say. */
  readonly ok: boolean;
  /** Records, streams and blobs that were looked at. */
  readonly records: number;
  readonly streams: number;
  readonly blobs: number;
  /** The tree head as stored when verification began; everything before it was checked. */
  readonly head: TreeHead;
  /** By position, those without one last; at most `problemsMax` of them. */
  readonly problems: readonly Problem[];
  /** All that were found, also those beyond `problemsMax`. */
  readonly problemCount: number;
  readonly firstBad: FirstBad | null;
  /** Blobs whose bytes are gone, each with the event that says so. */
  readonly erased: readonly ExplainedErasure[];
  /** Signing keys in the order they were registered. */
  readonly keys: readonly RegisteredKey[];
  /** Checkpoints in the ledger whose signature holds, and the last of them. */
  readonly checkpoints: number;
  readonly lastCheckpoint: SealedPoint | null;
}

export interface VerifyProgress {
  readonly records: number;
  readonly blobs: number;
  readonly of: number;
}

export interface VerifyOptions {
  readonly onProgress: ((done: VerifyProgress) => void) | undefined;
  readonly problemsMax: number;
  /** Also writes every record's canonical form anew and compares the bytes; takes about a third more time. */
  readonly deep: boolean;
  /** What is known of the ledger from elsewhere. */
  readonly trust: Trust;
  /** More to be checked before the claims are stated: what lies beside the ledger. */
  readonly further: ((problems: ProblemList) => Promise<void>) | undefined;
}

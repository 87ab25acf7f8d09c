import type { StreamName } from '../../kernel/brand.ts';
import type { WorkQueue } from '../../ledger/work-queue.ts';
import type { RunData } from '../run-state.ts';
import type { RunKitServices } from './run-kit.ts';
import type { ShiftEnd } from './work-shift.ts';

/** What a worker tells whoever watches it; for people, never for decisions. */
export type WorkerNews =
  | {
      readonly kind: 'took';
      readonly run: StreamName;
      readonly episode: StreamName;
      readonly attempt: number;
    }
  | ({ readonly kind: 'left'; readonly run: StreamName; readonly episode: StreamName } & ShiftEnd)
  | { readonly kind: 'settled' | 'repaired'; readonly run: StreamName }
  | { readonly kind: 'unsuitable'; readonly run: StreamName; readonly why: string }
  | { readonly kind: 'away'; readonly why: string };

export interface WorkerServices extends RunKitServices {
  readonly queue: WorkQueue;
  /** What its first event says; its name is unique among all that ever worked on the ledger. */
  readonly identity: RunData<'WorkerStarted'>;
  /** The only runs it takes part in; null for all that it is able to. */
  readonly only: readonly StreamName[] | null;
  /** Ends when there is nothing left to be had, instead of waiting for more. */
  readonly untilIdle: boolean;
  readonly onNews: (news: WorkerNews) => void;
}

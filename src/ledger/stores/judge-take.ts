import type { TakenFrom, WorkTerms } from '../work-queue.ts';
import type { KeptItem } from './kept-item.ts';

export type TakeJudgement =
  | { readonly kind: 'granted'; readonly attempt: number; readonly from: TakenFrom | null }
  | { readonly kind: 'parked'; readonly reason: string }
  | { readonly kind: 'refused' };

/**
 * The one rule of who may take what, shared by the queues so that they cannot differ:
 *
 * 1. what waits is to be had, and so is what another worker has of whom nothing was heard for the length of a lease;
 * 2. but when its attempts are used up it is parked;
 * 3. nobody takes anything from itself: whoever asks is not silent.
 *
 * @param silentMs for how long the watcher has seen no sign of the item's worker, by the watcher's own monotonic clock
 */
export function judgeTake(item: KeptItem, worker: string, silentMs: number, terms: WorkTerms): TakeJudgement {
  const lapsed = item.state === 'taken' && item.worker !== worker && silentMs >= terms.leaseMs;
  if (item.state !== 'waiting' && !lapsed) return { kind: 'refused' };
  if (item.attempts >= terms.attemptsMax) {
    const lost = lostReason(item.attempts, item.worker ?? '');
    return { kind: 'parked', reason: lapsed ? lost : (item.reason ?? lost) };
  }
  const why: TakenFrom['why'] | null = lapsed ? 'lapsed' : item.why;
  const from = item.worker === null || why === null ? null : { worker: item.worker, why };
  return { kind: 'granted', attempt: item.attempts + 1, from };
}

/** Why an item is parked whose workers fell silent. */
export function lostReason(attempts: number, worker: string): string {
  const times = attempts === 1 ? 'once' : `${attempts} times`;
  return `It was handed out ${times}, and nothing more was heard of its last worker, ${worker}.`;
}

import type { WorkItemStanding } from '../work-queue.ts';

/** What a queue keeps of one item, wherever it keeps it. */
export interface KeptItem {
  readonly state: 'waiting' | 'taken' | 'parked' | 'finished';
  /** Attempts used up, the one under way included. */
  readonly attempts: number;
  /** Names the last handing out, as no other one; null before the first. Whoever holds another one holds nothing. */
  readonly grant: string | null;
  /** Who has it, or had it last. */
  readonly worker: string | null;
  /** How the last worker gave it back. */
  readonly why: 'released' | 'failed' | null;
  /** Why it is parked, or how the last attempt failed. */
  readonly reason: string | null;
}

/** An item as it is offered, and again when a person has unparked it. */
export const untouchedItem: KeptItem = {
  state: 'waiting',
  attempts: 0,
  grant: null,
  worker: null,
  why: null,
  reason: null,
};

export function standingOf({ state, attempts, worker, reason }: KeptItem): WorkItemStanding {
  if (state === 'finished') return { kind: 'finished' };
  if (state === 'waiting') return { kind: 'waiting', attempts };
  if (state === 'parked') return { kind: 'parked', attempts, reason: reason ?? '' };
  return { kind: 'taken', attempt: attempts, worker: worker ?? '' };
}

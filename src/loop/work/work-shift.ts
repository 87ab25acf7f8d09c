import { setMaxListeners } from 'node:events';
import type { WorkEvent } from '../../events/work.ts';
import { isPawlError, messageOf } from '../../kernel/pawl-error.ts';
import type { Lease } from '../../ledger/work-queue.ts';
import { cutText } from '../cut-text.ts';
import type { RunData } from '../run-state.ts';
import { workOnEpisode } from '../work-on-episode.ts';
import { isAway, isLasting } from './ledger-away.ts';
import { type Patience, patiently } from './patiently.ts';
import type { QueueLog } from './queue-log.ts';
import { recordedFailure } from './recorded-failure.ts';
import type { RunKit } from './run-kit.ts';
import type { WorkerDiary } from './worker-diary.ts';

const reasonCharactersMax = 4000;

export interface ShiftServices {
  readonly diary: WorkerDiary;
  readonly log: QueueLog;
  readonly patience: Patience;
  /** Aborted: drop what is under way, append nothing more to the episode, and give it back. */
  readonly leave: AbortSignal;
  /** Aborted: the run was ended by others, and whatever is done here is done in vain. */
  readonly over: AbortSignal;
}

/** How a worker left an episode, and what went wrong where something did. */
export interface ShiftEnd {
  readonly how: RunData<'EpisodeLeft'>['how'];
  readonly error: unknown;
}

/**
 * One episode in the hands of one worker: from the lease that it got to the lease that it gives back, with an entry in its diary
 * at both ends. Whatever happens to the episode ends here; what is thrown is about the worker itself.
 *
 * @throws PawlError where the worker can do nothing more: what it holds is given back before, if that is still possible
 */
export async function workShift(lease: Lease, kit: RunKit, services: ShiftServices): Promise<ShiftEnd> {
  const { diary, patience } = services;
  const { item, attempt, from } = lease;
  let end: ShiftEnd;
  try {
    await diary.write({ type: 'EpisodeTaken', data: { ...item, attempt, from: from && { ...from } } });
    end = await work(lease, kit, services);
  } catch (error) {
    // The entry could not be written: nobody is told that it was taken, so it must not look taken.
    await lease.release().catch(() => undefined);
    throw error;
  }
  const outcome = await patiently(() => giveBack(lease, end), patience);
  if (outcome === 'parked') await park(lease, end, services);
  const { how, error } = end;
  const left: WorkEvent = {
    type: 'EpisodeLeft',
    data: { ...item, attempt, how, error: error === null ? null : recordedFailure(error) },
  };
  await diary.write(left);
  if (isLasting(error)) throw error;
  return end;
}

async function work(lease: Lease, kit: RunKit, { leave, over }: ShiftServices): Promise<ShiftEnd> {
  const abort = AbortSignal.any([leave, over, lease.lost]);
  const never = new AbortController().signal;
  setMaxListeners(0, abort);
  const signals = { pause: never, outOfTime: never, wallTime: () => ({ limit: 0, spent: 0 }), abort };
  try {
    await kit.recordEnvironment(abort);
    const scheduled = kit.scheduled(lease.item.episode);
    await workOnEpisode(kit.state, scheduled, kit.contents, kit.services, signals);
    return { how: 'finished', error: null };
  } catch (error) {
    // Being told to stop is no failure.
    return { how: howItEnded(error, lease, { leave, over }), error: error === abort.reason ? null : error };
  }
}

function howItEnded(
  error: unknown,
  { lost }: Lease,
  { leave, over }: Pick<ShiftServices, 'leave' | 'over'>,
): ShiftEnd['how'] {
  // The revision is what fences; a lease that was lost only says it sooner.
  if (isPawlError(error, 'WRONG_EXPECTED_REVISION') || lost.aborted || over.aborted) return 'fenced';
  return leave.aborted || isAway(error) || isLasting(error) ? 'released' : 'failed';
}

function giveBack(lease: Lease, { how, error }: ShiftEnd): Promise<unknown> {
  switch (how) {
    case 'finished':
      return lease.finish();
    // Who was faster may have been taken for lost before, and this lease may be the one that counts: it must not stay taken.
    case 'released':
    case 'fenced':
      return lease.release();
    case 'failed':
      return lease.fail(reasonOf(error));
  }
}

async function park({ item, attempt }: Lease, { error }: ShiftEnd, { log, patience }: ShiftServices) {
  const data = { ...item, attempts: attempt, reason: reasonOf(error) };
  const isNews = (known: QueueLog['state']): boolean =>
    known.get(item.run)?.parked.has(item.episode) === false;
  await patiently(
    () =>
      log.append((known) => (isNews(known) ? [{ type: 'EpisodeParked', data }] : []), [], patience.signal),
    patience,
  );
}

function reasonOf(error: unknown): string {
  const code = isPawlError(error) ? `${error.code}: ` : '';
  return cutText(`${code}${messageOf(error) || 'no reason was given'}`, reasonCharactersMax);
}

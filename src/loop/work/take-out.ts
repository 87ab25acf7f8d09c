import type { PawlEvent } from '../../events/catalogue.ts';
import type { StreamName } from '../../kernel/brand.ts';
import type { RunData } from '../run-state.ts';
import type { EnqueueServices } from './enqueue-run.ts';

/**
 * Takes a run out of the queue, and drops what the queue keeps for it: before the ledger says so, because whoever dies in between
 * leaves a run that is still queued, which others deal with; and after it, because somebody may have offered it again meanwhile.
 *
 * @returns whether it was queued
 * @throws PawlError what the ledger and the queue throw; the signal's reason
 */
export async function takeOut(
  run: StreamName,
  why: RunData<'RunDequeued'>['why'],
  { log, queue }: Pick<EnqueueServices, 'log' | 'queue'>,
  signal: AbortSignal,
): Promise<boolean> {
  await queue.withdraw(run);
  let wasQueued = false;
  const event: PawlEvent = { type: 'RunDequeued', data: { run, why } };
  await log.append(
    (known) => {
      wasQueued = known.has(run);
      return wasQueued ? [event] : [];
    },
    [],
    signal,
  );
  await queue.withdraw(run);
  return wasQueued;
}

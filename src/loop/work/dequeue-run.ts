import type { PawlEvent } from '../../events/catalogue.ts';
import type { StreamName } from '../../kernel/brand.ts';
import type { EnqueueServices } from './enqueue-run.ts';

/**
 * Takes a run out of the queue before its end. Episodes that workers have at that moment are finished by them; the others stay as
 * they are.
 *
 * @returns whether it was queued
 * @throws PawlError what the ledger and the queue throw
 */
export async function dequeueRun(
  run: StreamName,
  { log, queue }: EnqueueServices,
  signal: AbortSignal,
): Promise<boolean> {
  let wasQueued = false;
  const event: PawlEvent = { type: 'RunDequeued', data: { run, why: 'withdrawn' } };
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

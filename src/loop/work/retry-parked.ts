import type { PawlEvent } from '../../events/catalogue.ts';
import type { StreamName } from '../../kernel/brand.ts';
import type { EnqueueServices } from './enqueue-run.ts';

/**
 * Lets workers try the parked episodes of a run again, with all their attempts. The queue comes first: what it says is parked and
 * the ledger does not, the next worker writes down anew.
 *
 * @returns which episodes; none where the run is not queued
 * @throws PawlError what the ledger and the queue throw
 */
export async function retryParked(
  run: StreamName,
  { log, queue }: EnqueueServices,
  signal: AbortSignal,
): Promise<readonly StreamName[]> {
  const unparked = new Set((await queue.unpark(run)).map(({ episode }) => episode));
  await log.append(
    (known) => {
      const parked = [...(known.get(run)?.parked.keys() ?? [])];
      for (const episode of parked) unparked.add(episode);
      return parked.map((episode): PawlEvent => ({ type: 'EpisodeUnparked', data: { run, episode } }));
    },
    [],
    signal,
  );
  const queued = log.state.get(run);
  if (queued === undefined) return [];
  const { leaseMs, attemptsMax } = queued;
  // A queue that was lost does not know them.
  const items = [...unparked].map((episode) => ({ run, episode }));
  await queue.offer(run, items, { leaseMs, attemptsMax });
  return [...unparked];
}

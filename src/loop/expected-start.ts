import type { AnyRecordedEvent } from '../events/record.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { episodeStarted } from './episode-started.ts';
import type { EpisodeData } from './episode-state.ts';
import { registeredSuite } from './registered-suite.ts';

/**
 * The first event that an episode must have, from its run and the registered suite; null where the run does not say that
 * there is such an episode.
 *
 * @throws PawlError `SUITE_NOT_FOUND`, `BLOB_NOT_FOUND`
 */
export async function expectedStart(
  ledger: Ledger,
  stream: StreamName,
  { run, index }: EpisodeData<'EpisodeStarted'>,
): Promise<EpisodeData<'EpisodeStarted'> | null> {
  // `startRuns` writes a run's stream in this order, in one append.
  const started = await eventAt(ledger, run, 0);
  const granted = await eventAt(ledger, run, 1);
  const scheduled = await eventAt(ledger, run, 2 + index);
  if (started?.type !== 'RunStarted' || granted?.type !== 'BudgetGranted') return null;
  if (scheduled?.type !== 'EpisodeScheduled' || scheduled.data.episode !== stream) return null;
  const tasks = await registeredSuite(ledger, started.data.suite);
  if (!tasks.has(scheduled.data.task)) return null;
  return episodeStarted({ run, started: started.data, granted: granted.data }, scheduled.data, tasks);
}

async function eventAt(
  ledger: Ledger,
  stream: StreamName,
  revision: number,
): Promise<AnyRecordedEvent | undefined> {
  for await (const event of ledger.readStream(stream, revision)) return event;
  return undefined;
}

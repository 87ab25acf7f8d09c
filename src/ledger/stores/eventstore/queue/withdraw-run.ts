import type { StreamName } from '../../../../kernel/brand.ts';
import { failedAs } from '../ledger-failure.ts';
import { inParallel } from './in-parallel.ts';
import type { QueueLog } from './queue-log.ts';
import type { Place } from './queue-shapes.ts';
import { type QueueStreams, watchersGroup, workersGroup } from './queue-streams.ts';
import { RunBoard } from './run-board.ts';
import type { RunHeads } from './run-heads.ts';

const deletionsMax = 32;

/**
 * Takes a run out of the queue and removes what was kept for it. Its streams are tombstoned, not given an age: nobody reads
 * them again, their names hold a generation and so are never wanted again, a scavenge then frees all of their bytes (of a stream
 * that has merely become old the server keeps the last event for ever), and a worker that comes back late is told so at once
 * instead of writing where nobody looks.
 *
 * The stream of work goes last: as long as it is there, a removal that was cut short is done again.
 */
export async function withdrawRun(
  log: QueueLog,
  streams: QueueStreams,
  heads: RunHeads,
  run: StreamName,
): Promise<void> {
  const generation = await heads.withdraw(run);
  if (generation !== null) await removeRun(log, streams, run, generation);
}

/** Removes the streams of a generation that is not offered any more. Idempotent, and two short reads when nothing is left. */
export async function removeRun(
  log: QueueLog,
  streams: QueueStreams,
  run: StreamName,
  generation: number,
): Promise<void> {
  // The terms play no part in what is removed.
  const place: Place = { run, generation, terms: { leaseMs: 1, attemptsMax: 1 } };
  if ((await log.last(streams.work(place))) === 'deleted') return;
  const board = new RunBoard(log, streams, place);
  await board.refresh();
  const remove = async (stream: string): Promise<void> => {
    await log.call(async (timeoutMs) => {
      try {
        await log.client.tombstone(stream, timeoutMs);
      } catch (error) {
        if (!failedAs(error, 'deleted')) throw error;
      }
    });
  };
  const drop = async (stream: string, group: string): Promise<void> => {
    await log.call((timeoutMs) => log.client.deleteGroup(stream, group, timeoutMs));
    await remove(stream);
  };
  const leases = board.episodes.map((episode) => streams.lease(place, episode));
  await inParallel(leases, deletionsMax, remove);
  await remove(streams.board(place));
  await drop(streams.duty(place), watchersGroup);
  await drop(streams.work(place), workersGroup);
}

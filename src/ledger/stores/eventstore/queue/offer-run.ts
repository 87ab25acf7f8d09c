import type { StreamName } from '../../../../kernel/brand.ts';
import { PawlError } from '../../../../kernel/pawl-error.ts';
import type { WorkItem, WorkTerms } from '../../../work-queue.ts';
import type { QueueEvent, QueueLog } from './queue-log.ts';
import type { Place } from './queue-shapes.ts';
import { type QueueStreams, watchersGroup, workersGroup } from './queue-streams.ts';
import { RunBoard } from './run-board.ts';
import type { RunHeads } from './run-heads.ts';

/** Items per append: far below what a server takes at once. */
const itemsPerAppend = 500;
/** How many processes may look after one run at a time. */
const duties = 4;
/** Nothing is ever given up by the server: attempts are counted in the leases. */
const retriesMax = 2_147_483_647;
/** As long as a server can wait for an answer. */
const messageTimeoutMsMax = 2_147_483_647;
const roundsMax = 1_000;

/**
 * Makes items available. Every step may be the last one before a crash: whoever does it again goes on where it ended, because
 * what is missing is read, and appended at the exact revision at which it was missing.
 *
 * @throws PawlError those of `EventStore`
 */
export async function offerRun(
  log: QueueLog,
  streams: QueueStreams,
  heads: RunHeads,
  run: StreamName,
  items: readonly WorkItem[],
  terms: WorkTerms,
): Promise<Place> {
  let place = await heads.offer(run, terms, false);
  let board = new RunBoard(log, streams, place);
  for (let round = 0; round < roundsMax; round += 1) {
    const [state, onDuty] = [await board.refresh(), await log.last(streams.duty(place))];
    if (state === 'deleted' || onDuty === 'deleted') {
      // Somebody has removed the streams of a run that was never withdrawn. What it has done is in the ledger.
      place = await heads.offer(run, terms, true);
      board = new RunBoard(log, streams, place);
      continue;
    }
    if (onDuty === null) await log.write(streams.duty(place), -1, dutyEvents);
    const missing = items.filter(({ episode }) => !board.has(episode)).slice(0, itemsPerAppend);
    if (missing.length === 0) {
      await makeGroups(log, streams, place);
      return place;
    }
    const events = missing.map(({ episode }) => ({
      key: `item ${episode}`,
      data: { kind: 'item', episode },
    }));
    await log.write(streams.work(place), board.lastWork, events);
  }
  const message = `Others kept changing the queue of ${run} while it was offered. Offer it again.`;
  throw new PawlError('STORAGE_FAILED', message, { context: { run } });
}

/**
 * The groups of a run, from the beginning of its streams. A group that has put messages aside is made anew: everything is handed
 * out once more, and what is finished is seen to be so.
 */
export async function makeGroups(log: QueueLog, streams: QueueStreams, place: Place): Promise<void> {
  const messageTimeoutMs = Math.min(messageTimeoutMsMax, Math.ceil(2 * place.terms.leaseMs));
  const settings = { messageTimeoutMs, retriesMax };
  for (const [stream, group] of [
    [streams.work(place), workersGroup],
    [streams.duty(place), watchersGroup],
  ] as const) {
    const info = await log.call((timeoutMs) => log.client.groupInfo(stream, group, timeoutMs));
    if (info !== null && info.parked === 0) continue;
    if (info !== null) await log.call((timeoutMs) => log.client.deleteGroup(stream, group, timeoutMs));
    await log.call((timeoutMs) => log.client.createGroup(stream, group, settings, timeoutMs));
  }
}

const dutyEvents: readonly QueueEvent[] = Array.from({ length: duties }, (_, number) => ({
  key: `duty ${number}`,
  data: { duty: number },
}));

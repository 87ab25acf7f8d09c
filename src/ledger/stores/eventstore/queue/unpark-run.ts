import type { WorkItem } from '../../../work-queue.ts';
import { unparkItem } from '../../settle-item.ts';
import type { LeaseStreams } from './lease-streams.ts';
import type { RunBoard } from './run-board.ts';

const triesMax = 8;

/**
 * Lets parked items be taken again. One whose board still says that it is parked although its lease does not (somebody came so
 * far and no further) is announced like the others: that completes what was begun.
 */
export async function unparkRun(leases: LeaseStreams, board: RunBoard): Promise<readonly WorkItem[]> {
  const unparked: WorkItem[] = [];
  for (const episode of board.episodes) {
    let entry = board.entry(episode);
    for (let tries = 0; tries < triesMax && entry.item.state === 'parked'; tries += 1) {
      const after = unparkItem(entry.item);
      if (after === null) break;
      const written = await leases.write(board, episode, entry.revision, after, 'unpark');
      const known = written === 'beaten' ? await leases.read(board, episode) : written;
      if (known === 'deleted') return unparked;
      entry = known;
      if (entry.item.state !== 'waiting') continue;
      await leases.announce(board, episode, entry.revision);
      unparked.push({ run: board.place.run, episode });
    }
  }
  return unparked;
}

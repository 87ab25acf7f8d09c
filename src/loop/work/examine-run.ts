import type { PawlEvent } from '../../events/catalogue.ts';
import type { StreamName } from '../../kernel/brand.ts';
import type { WorkItemState } from '../../ledger/work-queue.ts';
import type { EnqueueServices } from './enqueue-run.ts';
import type { QueuedRun } from './queue-state.ts';
import { settleRun } from './settle-run.ts';

/** What a look at a whole run came to. */
export interface Examined {
  /** Episodes that are there to be taken, now or when whoever has them falls silent. */
  readonly open: number;
  readonly parked: number;
  /** The run was ended, here or by somebody else. */
  readonly finished: boolean;
  /** Episodes were offered that the queue did not know, or said to be finished without reason. */
  readonly offered: number;
}

/** A run and what a worker has learned of it. */
export interface ExaminedRun {
  readonly episodes: readonly StreamName[];
  /** Episodes that were seen to have ended, whatever the queue says of them; added to. */
  readonly ended: Set<StreamName>;
}

/**
 * Looks at a run of which there was nothing to take: ends it where all of its episodes have ended, writes down what the queue has
 * parked, and offers again what a queue has lost. Whoever does it, and however often, it comes to the same.
 *
 * @throws PawlError what the ledger and the queue throw; the signal's reason
 */
export async function examineRun(
  queued: QueuedRun,
  { episodes, ended }: ExaminedRun,
  services: EnqueueServices,
  signal: AbortSignal,
): Promise<Examined> {
  const { run } = queued;
  const { log, queue } = services;
  const items = await queue.items(run);
  await recordParked(queued, items, services, signal);
  const kinds = new Map(items.map(({ episode, standing }) => [episode, standing.kind]));
  // What is parked stays so where the queue has lost it.
  for (const episode of (log.state.get(run) ?? queued).parked.keys())
    if (!kinds.has(episode)) kinds.set(episode, 'parked');
  const done = (episode: StreamName): boolean => kinds.get(episode) === 'finished' || ended.has(episode);
  const lost = episodes.filter((episode) => !kinds.has(episode) && !ended.has(episode));
  const parked = episodes.filter((episode) => kinds.get(episode) === 'parked' && !ended.has(episode)).length;
  const left = episodes.filter((episode) => !done(episode)).length - parked;
  if (lost.length === 0 && left + parked > 0) return { open: left, parked, finished: false, offered: 0 };
  const settled = await settleRun(run, services, signal);
  if (settled.kind === 'finished') return { open: 0, parked: 0, finished: true, offered: 0 };
  const open = new Set(settled.episodes);
  for (const episode of episodes) if (!open.has(episode)) ended.add(episode);
  // A queue that was put back from a copy may say of an episode that it is finished when its stream says that it is not.
  const isWrong = settled.episodes.some((episode) => kinds.get(episode) === 'finished');
  if (isWrong) await queue.withdraw(run);
  const known = (episode: StreamName): boolean => kinds.has(episode) && !isWrong;
  const again = settled.episodes.filter((episode) => !known(episode) && kinds.get(episode) !== 'parked');
  await offer(queued, again, services);
  return { open: open.size - parked, parked, finished: false, offered: again.length };
}

async function offer(
  { run, leaseMs, attemptsMax }: QueuedRun,
  episodes: readonly StreamName[],
  { queue, log }: EnqueueServices,
): Promise<void> {
  if (episodes.length === 0) return;
  const items = episodes.map((episode) => ({ run, episode }));
  await queue.offer(run, items, { leaseMs, attemptsMax });
  // Somebody may have ended it meanwhile, or taken it out of the queue: then nobody would ever drop what was offered here.
  if (!(await log.refresh()).has(run)) await queue.withdraw(run);
}

async function recordParked(
  { run }: QueuedRun,
  items: readonly WorkItemState[],
  { log }: EnqueueServices,
  signal: AbortSignal,
): Promise<void> {
  const events = items.flatMap(({ episode, standing }): PawlEvent[] => {
    if (standing.kind !== 'parked') return [];
    const { attempts, reason } = standing;
    return [
      { type: 'EpisodeParked', data: { run, episode, attempts, reason: reason || 'no reason was given' } },
    ];
  });
  const isNews = (event: PawlEvent, known: EnqueueServices['log']['state']): boolean =>
    event.type === 'EpisodeParked' && known.get(run)?.parked.has(event.data.episode) === false;
  if (!events.some((event) => isNews(event, log.state))) return;
  await log.append((known) => events.filter((event) => isNews(event, known)), [], signal);
}

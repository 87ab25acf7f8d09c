import type { StreamName } from '../../kernel/brand.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { WorkerPulse, WorkItemStanding, WorkQueue } from '../../ledger/work-queue.ts';
import { type RunData, readRunState } from '../run-state.ts';
import { unmetNeeds } from './capabilities.ts';
import type { QueuedRun } from './queue-state.ts';

/** `lost`: the queue does not know it; the next worker offers it again, unless its stream says that it has ended. */
export type EpisodeStanding = WorkItemStanding | { readonly kind: 'lost' };

/** How one episode of a queued run stands. */
export interface QueuedEpisode {
  readonly index: number;
  readonly episode: StreamName;
  readonly task: string;
  readonly standing: EpisodeStanding;
}

/** A queued run as it stands now. */
export interface QueuedRunOverview {
  readonly queued: QueuedRun;
  readonly started: RunData<'RunStarted'>;
  readonly episodes: readonly QueuedEpisode[];
  readonly counts: Readonly<Record<EpisodeStanding['kind'], number>>;
  /** Who works on it, each once. */
  readonly workers: readonly string[];
  /** What it needs and none of the workers has that were heard of lately; empty where one of them has everything. */
  readonly unmet: readonly string[];
}

/** @throws PawlError what the ledger and the queue throw */
export async function queueOverview(
  queued: QueuedRun,
  ledger: Ledger,
  queue: WorkQueue,
  pulses: readonly WorkerPulse[],
): Promise<QueuedRunOverview> {
  const { run } = queued;
  const { started, episodes: scheduled } = await readRunState(ledger, run);
  const items = new Map((await queue.items(run)).map(({ episode, standing }) => [episode, standing]));
  const episodes: QueuedEpisode[] = [];
  for (const { index, episode, task } of scheduled) {
    const standing = items.get(episode) ?? (await standingOf(queued, episode, ledger));
    episodes.push({ index, episode, task, standing });
  }
  const counts = { waiting: 0, taken: 0, finished: 0, parked: 0, lost: 0 };
  for (const { standing } of episodes) counts[standing.kind] += 1;
  const workers = episodes.flatMap(({ standing }) => (standing.kind === 'taken' ? [standing.worker] : []));
  return {
    ...{ queued, started, episodes, counts },
    workers: [...new Set(workers)],
    unmet: unmetByAll(queued.needs, pulses),
  };
}

/** Workers that take more when there is something. */
export function thoseWhoTake(pulses: readonly WorkerPulse[]): readonly WorkerPulse[] {
  return pulses.filter(({ draining }) => !draining);
}

/** What the worker that comes closest does not have; all needs where there is no worker. */
export function unmetByAll(needs: readonly string[], pulses: readonly WorkerPulse[]): readonly string[] {
  const unmet = thoseWhoTake(pulses).map(({ capabilities }) => unmetNeeds(needs, capabilities));
  return unmet.toSorted((left, right) => left.length - right.length)[0] ?? needs;
}

async function standingOf(
  { parked }: QueuedRun,
  episode: StreamName,
  ledger: Ledger,
): Promise<EpisodeStanding> {
  const known = parked.get(episode);
  if (known !== undefined) return { kind: 'parked', ...known };
  const last = await ledger.lastRevision(episode);
  for await (const { type } of ledger.readStream(episode, Math.max(0, last)))
    if (type === 'EpisodeFinished') return { kind: 'finished' };
  return { kind: 'lost' };
}

import type { AnyRecordedEvent } from '../events/record.ts';
import type { StreamName } from '../kernel/brand.ts';
import type { ReplayReads } from './replay-reads.ts';
import { checkShape, refuted, verdictOf } from './replay-stops.ts';
import type { ReplayVerdict } from './replay-verdict.ts';
import { workerStream } from './work/work-streams.ts';

type Event<Type extends AnyRecordedEvent['type']> = Extract<AnyRecordedEvent, { type: Type }>;

/**
 * When a worker took and left an episode are facts. Replay sees to it that it left what it had taken, and that an episode it left
 * as finished has ended.
 */
export async function replayWorkerStream(reads: ReplayReads, stream: StreamName): Promise<ReplayVerdict> {
  const events = await reads.events(stream);
  try {
    const held = new Map<string, number>();
    for (const event of events) {
      checkShape(event);
      await checkEvent(reads, event, events, held);
    }
    const finished = events.at(-1)?.type === 'WorkerStopped';
    return { verdict: 'pass', events: events.length, decisions: 0, finished };
  } catch (error) {
    return verdictOf(error, events.length);
  }
}

async function checkEvent(
  reads: ReplayReads,
  event: AnyRecordedEvent,
  events: readonly AnyRecordedEvent[],
  held: Map<string, number>,
): Promise<void> {
  if ((event.revision === 0) !== (event.type === 'WorkerStarted'))
    throw refuted(event, 'history', 'a worker begins once, and with WorkerStarted');
  if (event.revision > 0 && events[event.revision - 1]?.type === 'WorkerStopped')
    throw refuted(event, 'history', 'a worker that has stopped does nothing');
  switch (event.type) {
    case 'WorkerStarted':
      if (workerStream(event.data.worker) === event.stream) return;
      throw refuted(event, 'content', `${event.stream} is not the stream of ${event.data.worker}`);
    case 'EpisodeTaken':
      held.set(keyOf(event), (held.get(keyOf(event)) ?? 0) + 1);
      return;
    case 'EpisodeLeft':
      return checkLeft(reads, event, held);
    case 'WorkerStopped':
      return;
    default:
      throw refuted(event, 'kind', `${event.stream} holds what a worker did and nothing else`);
  }
}

async function checkLeft(
  { ledger }: ReplayReads,
  event: Event<'EpisodeLeft'>,
  held: Map<string, number>,
): Promise<void> {
  const { episode, how } = event.data;
  const times = held.get(keyOf(event)) ?? 0;
  if (times === 0) throw refuted(event, 'history', `${episode} was not taken by this worker in that attempt`);
  held.set(keyOf(event), times - 1);
  if (how !== 'finished') return;
  const last = await ledger.lastRevision(episode);
  for await (const { type, position } of ledger.readStream(episode, Math.max(0, last)))
    if (type === 'EpisodeFinished' && position < event.position) return;
  throw refuted(event, 'content', `${episode} had not ended`);
}

function keyOf({ data }: Event<'EpisodeTaken' | 'EpisodeLeft'>): string {
  return `${data.episode} ${data.attempt}`;
}

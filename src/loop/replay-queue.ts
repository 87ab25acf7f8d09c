import type { AnyRecordedEvent } from '../events/record.ts';
import type { StreamName } from '../kernel/brand.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { replayBlobs } from './replay-blobs.ts';
import type { ReplayReads } from './replay-reads.ts';
import { checkShape, Inconclusive, refuted, verdictOf } from './replay-stops.ts';
import type { ReplayVerdict } from './replay-verdict.ts';
import { needsOf } from './work/capabilities.ts';
import { emptyQueue, evolveQueue, type QueueState } from './work/queue-state.ts';
import { queueStream } from './work/work-streams.ts';

type Event<Type extends AnyRecordedEvent['type']> = Extract<AnyRecordedEvent, { type: Type }>;

/**
 * Who queued what and what was parked are facts. That they fit together follows from the queue itself, what a run needs follows
 * from its start, and what is said to have finished has.
 */
export async function replayQueueStream(reads: ReplayReads, stream: StreamName): Promise<ReplayVerdict> {
  const events = await reads.events(stream);
  try {
    if (stream !== queueStream) throw new Inconclusive(`what ${stream} is; this build writes no such stream`);
    let state = emptyQueue;
    for (const event of events) {
      checkShape(event);
      await checkEvent(reads, event, state);
      state = evolveQueue(state, event);
    }
    await replayBlobs(reads.ledger, events);
    return { verdict: 'pass', events: events.length, decisions: 0, finished: state.size === 0 };
  } catch (error) {
    return verdictOf(error, events.length);
  }
}

async function checkEvent(reads: ReplayReads, event: AnyRecordedEvent, state: QueueState): Promise<void> {
  switch (event.type) {
    case 'RunQueued':
      if (state.has(event.data.run)) throw refuted(event, 'history', `${event.data.run} was queued already`);
      return checkQueued(reads, event);
    case 'RunDequeued':
      mustBeQueued(event, state);
      return checkDequeued(reads, event);
    case 'EpisodeParked':
      mustBeQueued(event, state);
      return checkParked(reads, event, state);
    case 'EpisodeUnparked':
      mustBeQueued(event, state);
      if (state.get(event.data.run)?.parked.has(event.data.episode)) return;
      throw refuted(event, 'history', `${event.data.episode} was not parked`);
    default:
      throw refuted(event, 'kind', `${event.stream} holds what is queued and nothing else`);
  }
}

function mustBeQueued(
  event: Event<'RunDequeued' | 'EpisodeParked' | 'EpisodeUnparked'>,
  state: QueueState,
): void {
  if (!state.has(event.data.run)) throw refuted(event, 'history', `${event.data.run} was not queued`);
}

async function checkQueued(reads: ReplayReads, event: Event<'RunQueued'>): Promise<void> {
  const { run, needs } = event.data;
  const head = await reads.run(run);
  if (head === null) throw new Inconclusive(`${run}, which was queued and is not in the ledger`);
  const derived = canonicalJson([...needsOf(head.started)]);
  if (canonicalJson(needs) === derived) return;
  throw refuted(event, 'content', `${run} needs ${derived}, which follows from its start`);
}

async function checkDequeued(reads: ReplayReads, event: Event<'RunDequeued'>): Promise<void> {
  const { run, why } = event.data;
  if (why === 'withdrawn') return;
  const last = (await reads.events(run)).at(-1);
  if (last?.type === 'RunFinished' && last.position < event.position) return;
  throw refuted(event, 'content', `${run} had not finished`);
}

async function checkParked(
  reads: ReplayReads,
  event: Event<'EpisodeParked'>,
  state: QueueState,
): Promise<void> {
  const { run, episode } = event.data;
  if (state.get(run)?.parked.has(episode)) throw refuted(event, 'history', `${episode} was parked already`);
  const head = await reads.run(run);
  if (head?.scheduled.some((scheduled) => scheduled.episode === episode) === false)
    throw refuted(event, 'content', `${run} has no episode ${episode}`);
}

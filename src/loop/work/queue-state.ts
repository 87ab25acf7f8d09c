import type { AnyRecordedEvent } from '../../events/record.ts';
import type { StreamName } from '../../kernel/brand.ts';
import type { RunData } from '../run-state.ts';

/** An episode that nobody works on until a person says so. */
export interface ParkedEpisode {
  readonly attempts: number;
  readonly reason: string;
}

/** A run whose episodes any worker may take. */
export interface QueuedRun extends RunData<'RunQueued'> {
  readonly parked: ReadonlyMap<StreamName, ParkedEpisode>;
}

/** The runs that are queued now, in the order in which they came. */
export type QueueState = ReadonlyMap<StreamName, QueuedRun>;

export const emptyQueue: QueueState = new Map();

/** What the queue is after one more event of its stream. */
export function evolveQueue(state: QueueState, event: AnyRecordedEvent): QueueState {
  switch (event.type) {
    case 'RunQueued': {
      const next = new Map(state);
      // Queued anew, it stands behind those that came meanwhile.
      next.delete(event.data.run);
      return next.set(event.data.run, { ...event.data, parked: new Map() });
    }
    case 'RunDequeued': {
      const next = new Map(state);
      next.delete(event.data.run);
      return next;
    }
    case 'EpisodeParked': {
      const { run, episode, attempts, reason } = event.data;
      return withParked(state, run, (parked) => parked.set(episode, { attempts, reason }));
    }
    case 'EpisodeUnparked': {
      const { run, episode } = event.data;
      return withParked(state, run, (parked) => parked.delete(episode));
    }
    default:
      return state;
  }
}

function withParked(
  state: QueueState,
  run: StreamName,
  change: (parked: Map<StreamName, ParkedEpisode>) => void,
): QueueState {
  const queued = state.get(run);
  if (queued === undefined) return state;
  const parked = new Map(queued.parked);
  change(parked);
  return new Map(state).set(run, { ...queued, parked });
}

import type { StoredEvent } from './stored-event.ts';
import { firstVisible, isSoftDeleted, type StreamState } from './stream-state.ts';

/** What a read of one stream shows; null when the stream counts as not found. A revision that nothing has yet shows nothing. */
export function readStream(
  stream: StreamState,
  from: number | 'start' | 'end',
  backwards: boolean,
  countMax: number,
  nowMs: number,
): readonly StoredEvent[] | null {
  if (stream.events.length === 0 || isSoftDeleted(stream)) return null;
  const first = firstVisible(stream, nowMs);
  const last = stream.events.length - 1;
  const shown: StoredEvent[] = [];
  const start = from === 'start' ? 0 : from === 'end' ? (backwards ? last : last + 1) : from;
  const step = backwards ? -1 : 1;
  let revision = backwards ? Math.min(start, last) : Math.max(start, first);
  for (; revision >= first && revision <= last && shown.length < countMax; revision += step) {
    const event = stream.events[revision];
    if (event !== null && event !== undefined) shown.push(event);
  }
  return shown;
}

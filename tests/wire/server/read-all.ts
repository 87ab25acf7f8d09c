import type { EventFilter } from './event-filter.ts';
import type { StoredEvent } from './stored-event.ts';

/** Index of the first event of the log at a position or behind it. */
export function logIndex(log: readonly StoredEvent[], position: number): number {
  let low = 0;
  let high = log.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((log[middle]?.position ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Forwards a position counts as the place before its event, backwards as well: that event is read forwards alone. */
export function allSlice(
  log: readonly StoredEvent[],
  from: number | 'start' | 'end',
  backwards: boolean,
  countMax: number,
  filter: EventFilter | null,
): readonly StoredEvent[] {
  const place = from === 'start' ? 0 : from === 'end' ? log.length : logIndex(log, from);
  if (filter === null && !backwards) return log.slice(place, place + Math.min(countMax, log.length));
  const shown: StoredEvent[] = [];
  const step = backwards ? -1 : 1;
  for (let index = backwards ? place - 1 : place; shown.length < countMax; index += step) {
    const event = log[index];
    if (event === undefined) break;
    if (filter === null || filter(event)) shown.push(event);
  }
  return shown;
}

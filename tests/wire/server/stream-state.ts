import type { StoredEvent } from './stored-event.ts';

/** What the metadata stream of a stream says, as far as it hides events. */
export interface StreamLimits {
  readonly maxCount: number | null;
  readonly maxAgeSeconds: number | null;
  /** Events below are hidden; `Infinity` for a stream that was deleted and may come back. */
  readonly truncateBefore: number;
}

export const NO_LIMITS: StreamLimits = { maxCount: null, maxAgeSeconds: null, truncateBefore: 0 };

/** Int64 max as the real server writes it into metadata for a soft delete; parsing rounds it, so anything near it counts. */
const DELETED_FROM = 2 ** 62;

export interface StreamState {
  readonly name: string;
  /** By revision; null where a scavenge removed the event. */
  readonly events: (StoredEvent | null)[];
  limits: StreamLimits;
  tombstoned: boolean;
}

export function parseLimits(data: Uint8Array): StreamLimits {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(data).toString('utf8'));
  } catch {
    return NO_LIMITS;
  }
  if (typeof parsed !== 'object' || parsed === null) return NO_LIMITS;
  const fields = new Map<string, unknown>(Object.entries(parsed));
  const number = (name: string): number | null => {
    const value = fields.get(name);
    return typeof value === 'number' && value >= 0 ? value : null;
  };
  const truncate = number('$tb') ?? 0;
  return {
    maxCount: number('$maxCount'),
    maxAgeSeconds: number('$maxAge'),
    truncateBefore: truncate >= DELETED_FROM ? Number.POSITIVE_INFINITY : truncate,
  };
}

export function isSoftDeleted(stream: StreamState): boolean {
  return stream.limits.truncateBefore === Number.POSITIVE_INFINITY;
}

/** First revision that a read may show. */
export function firstVisible(stream: StreamState, nowMs: number): number {
  const { maxCount, maxAgeSeconds, truncateBefore } = stream.limits;
  let first = Math.min(truncateBefore, stream.events.length);
  if (maxCount !== null) first = Math.max(first, stream.events.length - maxCount);
  if (maxAgeSeconds !== null) {
    const oldestMs = nowMs - maxAgeSeconds * 1000;
    while (first < stream.events.length && (stream.events[first]?.createdMs ?? 0) < oldestMs) first++;
  }
  while (first < stream.events.length && stream.events[first] === null) first++;
  return first;
}

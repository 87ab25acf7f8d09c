import { isSoftDeleted, type StreamState } from './stream-state.ts';

/** -1: the stream must not exist. */
export type Expected = number | 'any' | 'stream exists';

export type AppendDecision =
  | { readonly kind: 'append' }
  /** All of it was stored before; `last` is the revision of its last event. */
  | { readonly kind: 'repeated'; readonly last: number }
  | { readonly kind: 'wrong revision'; readonly current: number }
  | { readonly kind: 'deleted' };

/**
 * The real server's rules, which compare ids and never contents. `recent` is where an id was committed in this stream, as far as
 * the server's cache of ids still knows; with an exact revision the log itself is asked as well.
 */
export function decideAppend(
  stream: StreamState | undefined,
  hasMetadata: boolean,
  expected: Expected,
  ids: readonly string[],
  recent: (id: string) => number | undefined,
): AppendDecision {
  if (stream?.tombstoned) return { kind: 'deleted' };
  const current = (stream?.events.length ?? 0) - 1;
  if (expected === 'stream exists') {
    if (stream !== undefined && isSoftDeleted(stream)) return { kind: 'deleted' };
    if (current < 0 && !hasMetadata) return { kind: 'wrong revision', current };
  }
  if (typeof expected === 'string') {
    const revisions = ids.map(recent);
    const last = revisions.at(-1);
    if (revisions[0] === undefined) return { kind: 'append' };
    if (revisions.includes(undefined) || last === undefined) return { kind: 'wrong revision', current };
    return { kind: 'repeated', last };
  }
  if (expected > current) return { kind: 'wrong revision', current };
  if (expected === current) return { kind: 'append' };
  for (const [index, id] of ids.entries()) {
    const revision = expected + 1 + index;
    if (stream?.events[revision]?.id === id || recent(id) === revision) continue;
    const comesBack = index === 0 && expected === -1 && stream !== undefined && isSoftDeleted(stream);
    return comesBack ? { kind: 'append' } : { kind: 'wrong revision', current };
  }
  return ids.length === 0
    ? { kind: 'wrong revision', current }
    : { kind: 'repeated', last: expected + ids.length };
}

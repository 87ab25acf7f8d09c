import type { EventId, StreamName } from '../../kernel/brand.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import type { AppendRequest } from '../event-store.ts';

/** Where a record with a known id is, and what it holds. */
export interface KnownRecord {
  readonly position: number;
  readonly stream: StreamName;
  readonly revision: number;
  readonly bytes: Uint8Array;
}

export type Judgement =
  | { readonly kind: 'write' }
  | { readonly kind: 'repeated'; readonly positions: readonly number[] }
  | { readonly kind: 'refused'; readonly error: PawlError };

/**
 * The one rule of what an append means, shared by the stores so that they cannot differ:
 *
 * 1. an id known with other bytes is a conflict;
 * 2. the same records at the same place are a repetition;
 * 3. otherwise the expected revision must be the last one;
 * 4. and no id may be known, or occur twice in the request.
 */
export function judgeAppend(
  request: AppendRequest,
  lastRevision: number,
  find: (id: EventId) => KnownRecord | undefined,
): Judgement {
  const { stream, expectedRevision, records } = request;
  const positions: number[] = [];
  let firstKnown: EventId | undefined;
  const ids = new Set<EventId>();
  for (const [index, record] of records.entries()) {
    ids.add(record.id);
    const known = find(record.id);
    if (known === undefined) continue;
    if (Buffer.compare(known.bytes, record.bytes) !== 0) return refuse(conflict(stream, record.id));
    firstKnown ??= record.id;
    const samePlace = known.stream === stream && known.revision === expectedRevision + 1 + index;
    if (samePlace) positions.push(known.position);
  }
  if (records.length > 0 && positions.length === records.length) return { kind: 'repeated', positions };
  if (expectedRevision !== lastRevision) {
    return refuse(wrongExpectedRevision(stream, expectedRevision, lastRevision));
  }
  if (firstKnown !== undefined) return refuse(conflict(stream, firstKnown));
  if (ids.size !== records.length) return refuse(conflict(stream, records[0]?.id as EventId));
  return { kind: 'write' };
}

function wrongExpectedRevision(stream: StreamName, expected: number, actual: number): PawlError {
  return new PawlError(
    'WRONG_EXPECTED_REVISION',
    `"${stream}" is at revision ${actual}, not at ${expected}. Read it again and decide anew.`,
    { context: { stream, expected, actual } },
  );
}

function conflict(stream: StreamName, id: EventId): PawlError {
  return new PawlError(
    'EVENT_ID_CONFLICT',
    `The event id ${id} is already used by another record; every event needs an id of its own.`,
    { context: { stream, id } },
  );
}

function refuse(error: PawlError): Judgement {
  return { kind: 'refused', error };
}

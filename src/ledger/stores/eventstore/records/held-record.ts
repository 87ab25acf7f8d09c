import type { EventId, StreamName } from '../../../../kernel/brand.ts';
import { PawlError } from '../../../../kernel/pawl-error.ts';
import { leafHash } from '../../../audit/tree-hash.ts';
import type { NewRecord } from '../../../event-store.ts';
import { eventUuid } from '../event-uuid.ts';
import type { NewLogEvent } from '../log-client.ts';
import { idConflict } from './append-errors.ts';

/** A record as it goes to the server: a copy of its own, because the caller's buffer may change. */
export interface HeldRecord {
  readonly id: EventId;
  readonly leaf: Uint8Array;
  readonly event: NewLogEvent;
}

/**
 * Takes records over before anything is waited for.
 *
 * @throws PawlError `EVENT_ID_CONFLICT` when an id occurs twice, `APPEND_TOO_LARGE` when the server would not take it
 */
export function holdRecords(
  stream: StreamName,
  records: readonly NewRecord[],
  appendBytesMax: number,
): readonly HeldRecord[] {
  const ids = new Set<EventId>();
  let size = 0;
  const held = records.map(({ id, bytes }) => {
    if (ids.has(id)) throw idConflict(stream, id);
    ids.add(id);
    // Behind a zero byte, where hashing it as a leaf begins.
    const prefixed = new Uint8Array(bytes.length + 1);
    prefixed.set(bytes, 1);
    const data = prefixed.subarray(1);
    const leaf = leafHash(data);
    const event = { id: eventUuid(leaf), type: typeOf(data), data, metadata: metadataOf(id) };
    size += appendedBytes(event);
    return { id, leaf, event };
  });
  if (size > appendBytesMax) {
    throw new PawlError(
      'APPEND_TOO_LARGE',
      `${records.length} records for "${stream}" take ${size} bytes; the server takes ${appendBytesMax} in one append. Split the work, or raise the limit on the server and in the address (appendBytesMax=).`,
      { context: { stream, records: records.length, bytes: size, bytesMax: appendBytesMax } },
    );
  }
  return held;
}

/** What an event counts on the server: its contents and two bytes for each letter of its type. */
export function appendedBytes(event: NewLogEvent): number {
  return event.data.length + event.metadata.length + 2 * event.type.length;
}

const opening = '{"ulid":"';
const closing = '"}';
const ulidLength = 26;

function metadataOf(id: EventId): Uint8Array {
  return Buffer.from(`${opening}${id}${closing}`, 'utf8');
}

/** The id of a record from the metadata of its event, or null where it is not one of ours. */
export function ulidOf(metadata: Uint8Array): EventId | null {
  const text = Buffer.from(metadata.buffer, metadata.byteOffset, metadata.byteLength).toString('latin1');
  if (text.length !== opening.length + ulidLength + closing.length) return null;
  if (!text.startsWith(opening) || !text.endsWith(closing)) return null;
  return text.slice(opening.length, -closing.length) as EventId;
}

/** Longer than what follows the type in any record. */
const tailBytes = 160;

/**
 * The event type as the record tells it, for whoever looks at the database with its own tools. In canonical JSON only the
 * version follows, so that its data cannot be taken for it.
 */
function typeOf(record: Uint8Array): string {
  const tail = Buffer.from(record.subarray(-tailBytes)).toString('latin1');
  return /,"type":"([A-Za-z]{1,60})","version":\d+\}$/.exec(tail)?.[1] ?? 'Record';
}

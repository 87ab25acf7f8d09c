import { type AnyRecordedEvent, checkRecord as checkSchema, decodeRecord } from '../../events/record.ts';
import type { BlobRef } from '../../events/shapes.ts';
import { canonicalBytes } from '../../kernel/canonical-json.ts';
import type { Json } from '../../kernel/json.ts';
import { messageOf } from '../../kernel/pawl-error.ts';
import { leafHash } from '../audit/tree-hash.ts';
import { blobRefsOf } from '../blob-refs.ts';
import type { StoredRecord } from '../event-store.ts';
import type { ProblemList } from './problem.ts';

export interface CheckedRecord {
  readonly event: AnyRecordedEvent;
  readonly references: readonly BlobRef[];
}

/** The leaf as the bytes give it, whatever is stored. */
export function checkLeaf(record: StoredRecord, problems: ProblemList): Uint8Array {
  const leaf = leafHash(record.bytes);
  if (Buffer.compare(leaf, record.leaf) !== 0) {
    const message = 'The bytes of the record do not hash to its leaf: one of the two was altered.';
    problems.at(record.position, 'LEAF_MISMATCH', message);
  }
  return leaf;
}

/** The event and the blobs it refers to, or undefined when the bytes are none: its envelope, its schema, its form. */
export function checkRecord(
  record: StoredRecord,
  deep: boolean,
  problems: ProblemList,
): CheckedRecord | undefined {
  const { position, stream, revision, id, bytes } = record;
  try {
    const event = decodeRecord(position, bytes);
    if (event.stream !== stream || event.revision !== revision || event.id !== id) {
      const message = `The record says it is ${event.id} at ${event.stream}/${event.revision}, but is stored as ${id} at ${stream}/${revision}.`;
      problems.at(position, 'ENVELOPE_MISMATCH', message);
    }
    checkSchema(event);
    if (deep && !isCanonical(bytes)) {
      problems.at(position, 'NOT_CANONICAL', 'The record is not written in canonical form.');
    }
    return { event, references: blobRefsOf(event.data) };
  } catch (error) {
    // Whatever a hostile record makes a decoder throw, it is the record that is wrong.
    problems.at(position, 'RECORD_INVALID', messageOf(error));
    return undefined;
  }
}

/** Of the bytes, not of the event: that one may have been brought to a newer version. */
function isCanonical(bytes: Uint8Array): boolean {
  const written: Json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  return Buffer.compare(canonicalBytes(written), bytes) === 0;
}

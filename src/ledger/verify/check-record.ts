import { hash } from 'node:crypto';
import { type AnyRecordedEvent, checkRecord as checkSchema, decodeRecord } from '../../events/record.ts';
import type { BlobRef } from '../../events/shapes.ts';
import { canonicalBytes } from '../../kernel/canonical-json.ts';
import type { Json } from '../../kernel/json.ts';
import { messageOf } from '../../kernel/pawl-error.ts';
import { blobRefsOf } from '../blob-refs.ts';
import type { ProblemList } from './problem.ts';
import type { SourceRecord } from './verify-source.ts';

export interface CheckedRecord {
  readonly event: AnyRecordedEvent;
  readonly references: readonly BlobRef[];
}

/**
 * The leaf as the record gives it, whatever is stored. RFC 6962 section 2.1: SHA-256(0x00 || record). Bytes that are no UTF-8 do
 * not survive being read as text, and so do not hash to their leaf: no record of ours has any.
 */
export function checkLeaf({ position, text, bytes, leaf }: SourceRecord, problems: ProblemList): Uint8Array {
  const computed = hash('sha256', `\0${text}`, 'hex');
  if (computed !== leaf || !hasBytes(text, bytes)) {
    const message = 'The bytes of the record do not hash to its leaf: one of the two was altered.';
    problems.at(position, 'LEAF_MISMATCH', message);
  }
  return Buffer.from(computed, 'hex');
}

/** A text that was cut off at a zero byte may hash to the leaf of what was there before somebody wrote on behind it. */
function hasBytes(text: string, bytes: number): boolean {
  return text.length === bytes || Buffer.byteLength(text) === bytes;
}

/** The event and the blobs it refers to, or undefined when the bytes are none: its envelope, its schema, its form. */
export function checkRecord(
  record: SourceRecord,
  deep: boolean,
  problems: ProblemList,
): CheckedRecord | undefined {
  const { position, stream, revision, id, text } = record;
  try {
    const event = decodeRecord(position, text);
    if (event.stream !== stream || event.revision !== revision || event.id !== id) {
      const message = `The record says it is ${event.id} at ${event.stream}/${event.revision}, but is stored as ${id} at ${stream}/${revision}.`;
      problems.at(position, 'ENVELOPE_MISMATCH', message);
    }
    checkSchema(event);
    if (deep && !isCanonical(text)) {
      problems.at(position, 'NOT_CANONICAL', 'The record is not written in canonical form.');
    }
    return { event, references: blobRefsOf(event.data) };
  } catch (error) {
    // Whatever a hostile record makes a decoder throw, it is the record that is wrong.
    problems.at(position, 'RECORD_INVALID', messageOf(error));
    return undefined;
  }
}

/** Of what is written, not of the event: that one may have been brought to a newer version. */
function isCanonical(text: string): boolean {
  const written: Json = JSON.parse(text);
  return Buffer.compare(canonicalBytes(written), Buffer.from(text)) === 0;
}

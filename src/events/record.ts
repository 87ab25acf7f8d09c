import { z } from 'zod';
import type { EventId, StreamName } from '../kernel/brand.ts';
import { canonicalBytes } from '../kernel/canonical-json.ts';
import type { JsonObject } from '../kernel/json.ts';
import { messageOf, PawlError } from '../kernel/pawl-error.ts';
import type { EventType, PawlEvent } from './catalogue.ts';
import { definitionOf } from './catalogue.ts';
import type { EventDefinition } from './define-event.ts';
import { countSchema, eventIdSchema, streamNameSchema } from './shapes.ts';

/** Records stay small so that any proof format can hold one; content goes to blobs. */
export const recordBytesMax = 32 * 1024;

/** An event before it has a place: what the writer decides. Re-appending the same draft is idempotent. */
export interface EventDraft<Event extends PawlEvent = PawlEvent> {
  readonly id: EventId;
  readonly type: Event['type'];
  readonly data: Event['data'];
  /** Milliseconds since the epoch; recorded, never decided from. */
  readonly at: number;
  /** Who did it: a user, a worker, the product's own loop. */
  readonly actor: string;
  /** Ties together everything one command started. */
  readonly correlation: string;
  /** The event that led to this one, or null. */
  readonly causation: EventId | null;
}

/** The canonical envelope; its RFC 8785 bytes are what is stored and hashed. */
const envelopeSchema = z.strictObject({
  id: eventIdSchema,
  type: z.string().min(1),
  version: z.int().positive(),
  stream: streamNameSchema,
  revision: countSchema,
  at: countSchema,
  actor: z.string().min(1),
  correlation: z.string(),
  causation: eventIdSchema.nullable(),
  data: z.record(z.string(), z.unknown()),
});

/** One event as read back: its envelope and its global position. The exact bytes stay with the store's record. */
export interface RecordedEvent<Event extends PawlEvent = PawlEvent> {
  readonly position: number;
  readonly stream: StreamName;
  readonly revision: number;
  readonly id: EventId;
  readonly type: Event['type'];
  readonly version: number;
  readonly data: Event['data'];
  readonly at: number;
  readonly actor: string;
  readonly correlation: string;
  readonly causation: EventId | null;
}

/** A recorded event narrowed by its type, so that folds can switch on it. */
export type AnyRecordedEvent = {
  [Type in EventType]: RecordedEvent<Extract<PawlEvent, { type: Type }>>;
}[EventType];

/**
 * Validates a draft against the catalogue and writes its record.
 *
 * @throws PawlError `UNKNOWN_EVENT_TYPE`, `INVALID_EVENT`, `NOT_CANONICALIZABLE`, `RECORD_TOO_LARGE`
 */
export function encodeRecord(draft: EventDraft, stream: StreamName, revision: number): Uint8Array {
  const definition = definitionOf(draft.type);
  const parsed = definition.schema.safeParse(draft.data);
  if (!parsed.success) {
    throw new PawlError('INVALID_EVENT', `${draft.type} is not valid: ${z.prettifyError(parsed.error)}`, {
      context: { type: draft.type, stream },
    });
  }
  const bytes = canonicalBytes({
    id: draft.id,
    type: draft.type,
    version: definition.version,
    stream,
    revision,
    at: draft.at,
    actor: draft.actor,
    correlation: draft.correlation,
    causation: draft.causation,
    data: draft.data,
  });
  if (bytes.length > recordBytesMax) {
    throw new PawlError(
      'RECORD_TOO_LARGE',
      `${draft.type} takes ${bytes.length} bytes; a record may take ${recordBytesMax}. Put its content into a blob.`,
      { context: { type: draft.type, bytes: bytes.length } },
    );
  }
  return bytes;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a record back, from its bytes or their UTF-8 text. Data of an earlier version comes as the current one; `version` says
 * which it was. Data is checked against the catalogue only by `checkRecord`, because
 * what was appended was validated then and its hash proves that it has not changed.
 *
 * @throws PawlError `LEDGER_CORRUPT` when the bytes are not a record, `UNKNOWN_EVENT_TYPE`
 */
export function decodeRecord(position: number, record: Uint8Array | string): AnyRecordedEvent {
  let envelope: { type: string; position: number; version: number; data: JsonObject } | null;
  try {
    envelope = JSON.parse(typeof record === 'string' ? record : decoder.decode(record));
  } catch (cause) {
    throw new PawlError(
      'LEDGER_CORRUPT',
      `The record at position ${position} is not JSON: ${messageOf(cause)}.`,
      {
        context: { position },
        cause,
      },
    );
  }
  if (typeof envelope !== 'object' || envelope === null || typeof envelope.type !== 'string') {
    throw new PawlError('LEDGER_CORRUPT', `The record at position ${position} is not an event.`, {
      context: { position },
    });
  }
  const definition = definitionOf(envelope.type);
  if (envelope.version !== definition.version) envelope.data = upcast(position, definition, envelope);
  // The parsed object is ours alone: adding to it is cheaper than copying it, and reading is what folds spend time on.
  envelope.position = position;
  return envelope as unknown as AnyRecordedEvent;
}

/** @throws PawlError `UNKNOWN_EVENT_TYPE` for a version that is still to come */
function upcast(
  position: number,
  { type, version: current, upcasts }: EventDefinition,
  { version, data }: { readonly version: number; readonly data: JsonObject },
): JsonObject {
  if (!isCount(version) || version < 1 || version > current) {
    throw new PawlError(
      'UNKNOWN_EVENT_TYPE',
      `The ${type} at position ${position} has version ${version}; this build knows versions up to ${current}. Upgrade Pawl and try again.`,
      { context: { position, type } },
    );
  }
  return upcasts.slice(version - 1).reduce((older, next) => next(older), data);
}

/**
 * The thorough check that `verify` makes of one record: envelope and data match their schemas.
 *
 * @throws PawlError `LEDGER_CORRUPT`
 */
export function checkRecord(event: AnyRecordedEvent): void {
  const inner = definitionOf(event.type).schema.safeParse(event.data);
  if (inner.success && isEnvelope(event)) return;
  const { position, ...envelope } = event;
  const outer = envelopeSchema.safeParse(envelope);
  const error = outer.success ? inner.error : outer.error;
  const why = error === undefined ? 'its envelope' : z.prettifyError(error);
  throw new PawlError('LEDGER_CORRUPT', `The record at position ${position} is not valid: ${why}`, {
    context: { position, type: event.type },
  });
}

const idPattern = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const streamPattern = /^[a-z]+-[A-Za-z0-9._:-]{1,120}$/;

/** Says the same as `envelopeSchema` in a fraction of its time; a test holds the two together. */
function isEnvelope(event: AnyRecordedEvent): boolean {
  const { id, type, version, stream, revision, at, actor, correlation, causation, data } = event;
  return (
    typeof id === 'string' &&
    idPattern.test(id) &&
    typeof type === 'string' &&
    isCount(version) &&
    version > 0 &&
    typeof stream === 'string' &&
    streamPattern.test(stream) &&
    isCount(revision) &&
    isCount(at) &&
    typeof actor === 'string' &&
    actor !== '' &&
    typeof correlation === 'string' &&
    (causation === null || (typeof causation === 'string' && idPattern.test(causation))) &&
    typeof data === 'object' &&
    data !== null &&
    !Array.isArray(data) &&
    Object.keys(event).length === envelopeKeys
  );
}

/** The members of the envelope, and `position` beside them. */
const envelopeKeys = 11;

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

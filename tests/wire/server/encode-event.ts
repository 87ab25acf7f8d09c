import { type ProposedEvent, type StoredEvent, TOMBSTONE_REVISION } from './stored-event.ts';

/** 2^63 - 1 as a varint: eight bytes of ones and a last one of 0x7f. */
const INT64_MAX_VARINT = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
const CREATED_KEY = Buffer.from('created');
const TYPE_KEY = Buffer.from('type');
const CONTENT_KEY = Buffer.from('content-type');
const JSON_TYPE = Buffer.from('application/json');
const BINARY_TYPE = Buffer.from('application/octet-stream');

export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++;
  return length;
}

export function writeVarint(target: Uint8Array, at: number, value: number): number {
  let place = at;
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) target[place++] = (rest % 128) | 128;
  target[place++] = rest;
  return place;
}

function delimitedLength(contentLength: number): number {
  return 1 + varintLength(contentLength) + contentLength;
}

/** As the shipped classes write it: what is empty or 0 is left out. */
function fieldLength(contentLength: number): number {
  return contentLength === 0 ? 0 : delimitedLength(contentLength);
}

function mapEntryLength(key: Uint8Array, value: Uint8Array): number {
  return delimitedLength(key.length) + delimitedLength(value.length);
}

export interface EventPlace {
  readonly position: number;
  readonly endPosition: number;
  readonly stream: string;
  readonly revision: number;
  readonly createdMs: number;
}

/**
 * Writes the answer for an event once, when it is stored: reads and subscriptions then send these bytes, so that the server costs
 * little beside the client that is measured against it. That they are what the shipped message classes make of them is a test.
 */
export function encodeEvent(event: ProposedEvent, place: EventPlace): StoredEvent {
  const id = Buffer.from(event.id);
  const stream = Buffer.from(place.stream);
  const type = Buffer.from(event.type);
  const created = Buffer.from(String(BigInt(place.createdMs) * 10_000n));
  const content = event.json ? JSON_TYPE : BINARY_TYPE;
  const dead = place.revision === TOMBSTONE_REVISION;
  const typeEntry = mapEntryLength(TYPE_KEY, type);
  const createdEntry = mapEntryLength(CREATED_KEY, created);
  const contentEntry = mapEntryLength(CONTENT_KEY, content);
  const positionLength = 1 + varintLength(place.position);
  const recordPositionLength = place.position === 0 ? 0 : positionLength;
  const revisionLength = place.revision === 0 ? 0 : 1 + varintLength(place.revision);
  const recordLength =
    delimitedLength(delimitedLength(id.length)) +
    delimitedLength(delimitedLength(stream.length)) +
    (dead ? 1 + INT64_MAX_VARINT.length : revisionLength) +
    2 * recordPositionLength +
    delimitedLength(typeEntry) +
    delimitedLength(createdEntry) +
    delimitedLength(contentEntry) +
    fieldLength(event.metadata.length) +
    fieldLength(event.data.length);
  const eventLength = delimitedLength(recordLength) + positionLength;
  const frame = Buffer.allocUnsafeSlow(delimitedLength(eventLength));

  let at = 0;
  const open = (tag: number, length: number): void => {
    frame[at++] = tag;
    at = writeVarint(frame, at, length);
  };
  const put = (tag: number, bytes: Uint8Array): void => {
    open(tag, bytes.length);
    frame.set(bytes, at);
    at += bytes.length;
  };
  const number = (tag: number, value: number): void => {
    if (value !== 0) open(tag, value);
  };

  open(0x0a, eventLength);
  open(0x0a, recordLength);
  const recordStart = at;
  open(0x0a, delimitedLength(id.length));
  put(0x12, id);
  open(0x12, delimitedLength(stream.length));
  put(0x1a, stream);
  if (dead) {
    frame[at++] = 0x18;
    for (const byte of INT64_MAX_VARINT) frame[at++] = byte;
  } else number(0x18, place.revision);
  number(0x20, place.position);
  number(0x28, place.position);
  for (const [length, key, value] of [
    [contentEntry, CONTENT_KEY, content],
    [createdEntry, CREATED_KEY, created],
    [typeEntry, TYPE_KEY, type],
  ] as const) {
    open(0x32, length);
    put(0x0a, key);
    put(0x12, value);
  }
  if (event.metadata.length > 0) put(0x3a, event.metadata);
  const metadata = frame.subarray(at - event.metadata.length, at);
  if (event.data.length > 0) put(0x42, event.data);
  const data = frame.subarray(at - event.data.length, at);
  const record = frame.subarray(recordStart, at);
  // One of two, and so written even when it is 0.
  open(0x18, place.position);

  return { ...place, id: event.id, type: event.type, json: event.json, data, metadata, frame, record };
}

import type { LogEvent, LogPosition } from '../log-client.ts';

/** An event as the library gives it. */
export interface ForeignEvent {
  readonly streamId: string;
  readonly id: string;
  readonly revision: bigint;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: unknown;
  readonly metadata: unknown;
  readonly position?: LogPosition | undefined;
}

/** A place in the log that no reply means: what a server sends for "not known". */
const unknownPosition = 0xffff_ffff_ffff_ffffn;

export function toLogEvent(event: ForeignEvent): LogEvent {
  return {
    stream: event.streamId,
    revision: Number(event.revision),
    id: event.id,
    type: event.type,
    data: toBytes(event.data),
    metadata: toBytes(event.metadata),
    position: toLogPosition(event.position),
  };
}

export function toLogPosition(position: LogPosition | undefined): LogPosition | null {
  if (position === undefined || position.commit < 0n || position.commit === unknownPosition) return null;
  return { commit: position.commit, prepare: position.prepare };
}

/**
 * The library parses what is JSON and gives a text where parsing fails. Metadata of ours comes back byte for byte, because it
 * was written in the shape that is written here; data of ours is never JSON, so that its bytes are never touched.
 */
function toBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value === undefined || value === null) return new Uint8Array(0);
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value), 'utf8');
}

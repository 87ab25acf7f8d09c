import type { Transform, TransformCallback } from 'node:stream';
import type { LogEvent } from '../log-client.ts';
import { guardTransform } from './guard-client.ts';
import { toLogPosition } from './to-log-event.ts';

/** A message of a read as it comes off the wire. */
interface ReadMessage {
  hasEvent?(): boolean;
  getEvent(): { getEvent(): RecordedEvent | undefined } | undefined;
}

interface RecordedEvent {
  getId(): { getString(): string } | undefined;
  getStreamIdentifier(): { getStreamName_asU8(): Uint8Array } | undefined;
  getStreamRevision(): string;
  getCommitPosition(): string;
  getPreparePosition(): string;
  getMetadataMap(): { get(key: string): string | undefined };
  getData_asU8(): Uint8Array;
  getCustomMetadata_asU8(): Uint8Array;
}

/**
 * Lets a read of the library give its events in our own words, straight from the message. The library would parse what is JSON,
 * make a date of every time and numbers of everything else, which takes longer than all that is done with the bytes here; and
 * metadata would come back as it understood it, not as it was stored. Whatever else comes is guarded.
 */
export function takeEvents<Stream extends Transform>(read: unknown): Stream {
  const stream = guardTransform(read as Stream);
  const transform = stream._transform.bind(stream) as (...args: readonly unknown[]) => unknown;
  stream._transform = (message: ReadMessage, encoding: BufferEncoding, next: TransformCallback): void => {
    const record = message.hasEvent?.() === true ? message.getEvent()?.getEvent() : undefined;
    if (record === undefined) {
      transform(message, encoding, next);
      return;
    }
    let event: LogEvent;
    try {
      event = logEventOf(record);
    } catch (error) {
      next(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    next(null, { event });
  };
  return stream;
}

function logEventOf(record: RecordedEvent): LogEvent {
  const stream = record.getStreamIdentifier()?.getStreamName_asU8() ?? new Uint8Array(0);
  return {
    stream: Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength).toString('utf8'),
    revision: Number(record.getStreamRevision()),
    id: record.getId()?.getString() ?? '',
    type: record.getMetadataMap().get('type') ?? '',
    data: record.getData_asU8(),
    metadata: record.getCustomMetadata_asU8(),
    position: toLogPosition({
      commit: BigInt(record.getCommitPosition()),
      prepare: BigInt(record.getPreparePosition()),
    }),
  };
}

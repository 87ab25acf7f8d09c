import { encodeEvent } from './encode-event.ts';
import { streams } from './protocol.ts';
import { endOfRecord } from './record-size.ts';
import { type StoredEvent, TOMBSTONE_REVISION } from './stored-event.ts';

/** The event that an answer of the server carries, as the server stored it. @throws Error when the bytes are no such answer */
export function decodeEvent(frame: Uint8Array): StoredEvent {
  const record = streams.ReadResp.deserializeBinary(frame).getEvent()?.getEvent();
  if (record === undefined) throw new Error('The journal holds bytes that are no event.');
  const properties = record.getMetadataMap();
  const revision = BigInt(record.getStreamRevision());
  const event = {
    id: record.getId()?.getString() ?? '',
    type: properties.get('type') ?? '',
    json: properties.get('content-type') === 'application/json',
    data: record.getData_asU8(),
    metadata: record.getCustomMetadata_asU8(),
  };
  const position = Number(record.getPreparePosition());
  const stream = Buffer.from(record.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString('utf8');
  return encodeEvent(event, {
    position,
    endPosition: endOfRecord(position, event, stream),
    stream,
    revision: revision > BigInt(TOMBSTONE_REVISION) ? TOMBSTONE_REVISION : Number(revision),
    createdMs: Number(BigInt(properties.get('created') ?? '0') / 10_000n),
  });
}

import { groups } from '../protocol.ts';
import type { StoredEvent } from '../stored-event.ts';
import { wireEmpty } from '../wire-empty.ts';
import type { GroupMessage } from './group-message.ts';

const { ReadEvent } = groups.ReadResp;
/** -1 as an unsigned 64-bit number: no position. */
const NO_POSITION = '18446744073709551615';

/** The bytes of one message. Only a group on the log says where events lie in it. */
export function groupFrame(message: GroupMessage, withPosition: boolean): Uint8Array {
  const recorded = (event: StoredEvent): InstanceType<typeof ReadEvent.RecordedEvent> => {
    const record = ReadEvent.RecordedEvent.deserializeBinary(event.record);
    if (!withPosition) {
      record.setCommitPosition(NO_POSITION);
      record.setPreparePosition(NO_POSITION);
    }
    return record;
  };
  const read = new ReadEvent();
  read.setEvent(recorded(message.event));
  if (message.link !== null) read.setLink(recorded(message.link));
  if (withPosition) read.setCommitPosition(String((message.link ?? message.event).position));
  else read.setNoPosition(wireEmpty());
  read.setRetryCount(message.retries);
  const response = new groups.ReadResp();
  response.setEvent(read);
  return response.serializeBinary();
}

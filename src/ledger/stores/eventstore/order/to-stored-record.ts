import type { StoredRecord } from '../../../event-store.ts';
import { ulidOf } from '../records/held-record.ts';
import { orderFaults } from './order-faults.ts';
import type { PlacedEvent } from './recent-records.ts';

/** @throws PawlError `LEDGER_CORRUPT` when the event does not say which record it is */
export function toStoredRecord({ entry, event }: PlacedEvent): StoredRecord {
  const { position, stream, revision, leaf } = entry;
  const id = ulidOf(event.metadata);
  if (id === null) throw orderFaults.noRecord(event.stream, revision);
  return { position, stream, revision, id, bytes: event.data, leaf };
}

import type { EventId, StreamName } from '../../src/kernel/brand.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import type {
  AppendRequest,
  EventStore,
  NewBlob,
  NewRecord,
  StoredRecord,
} from '../../src/ledger/event-store.ts';

/** A valid ULID that ends in the number; numbers rise, ids rise. */
export function eventId(number: number): EventId {
  return `01J8XK3QZV${number.toString().padStart(16, '0')}` as EventId;
}

/** Stores take any bytes; the contract is tested with short readable ones. */
export function record(number: number, text = `record ${number}`): NewRecord {
  return { id: eventId(number), bytes: Buffer.from(text) };
}

export function blob(text: string): NewBlob {
  const bytes = Buffer.from(text);
  return { digest: sha256Hex(bytes), bytes };
}

export function stream(name: string): StreamName {
  return `test-${name}` as StreamName;
}

export function request(
  name: string,
  expectedRevision: number,
  records: readonly NewRecord[],
  blobs: readonly NewBlob[] = [],
): AppendRequest {
  return { stream: stream(name), expectedRevision, records, blobs };
}

/** `position stream/revision text` of each record: what the contract asserts on. */
export function describeRecord(stored: StoredRecord): string {
  return `${stored.position} ${stored.stream}/${stored.revision} ${Buffer.from(stored.bytes).toString()}`;
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  return Array.fromAsync(items);
}

export async function allRecords(store: EventStore, from = 0): Promise<string[]> {
  return (await collect(store.readAll(from))).map(describeRecord);
}

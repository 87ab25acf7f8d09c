import type { EventId, StreamName } from '../../src/kernel/brand.ts';
import { canonicalBytes } from '../../src/kernel/canonical-json.ts';
import type { EventStore } from '../../src/ledger/event-store.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { toyLedger } from './toy-run.ts';

/** A record as its bytes say it, for a forger to work on. */
export interface RawRecord {
  readonly id: EventId;
  readonly type: string;
  readonly stream: StreamName;
  readonly revision: number;
  causation: string | null;
  data: Record<string, unknown>;
}

/**
 * A ledger with the same records, ids and positions, except for what the forger writes into some of them: no schema is asked,
 * as it would not be by somebody who writes bytes.
 *
 * @param edit changes the record; when it gives `cut`, the record's stream ends before it
 */
export async function forgeRecords(store: EventStore, edit: (record: RawRecord) => unknown): Promise<Ledger> {
  const forged = openMemoryStore();
  for await (const digest of store.blobDigests())
    await forged.putBlobs([{ digest, bytes: await store.getBlob(digest) }]);
  const cut = new Set<StreamName>();
  for await (const { stream, revision, id, bytes } of store.readAll()) {
    const record = JSON.parse(Buffer.from(bytes).toString('utf8')) as RawRecord;
    if (edit(record) === 'cut') cut.add(stream);
    if (cut.has(stream)) continue;
    const records = [{ id, bytes: canonicalBytes(record) }];
    await forged.append({ stream, expectedRevision: revision - 1, records, blobs: [] });
  }
  return toyLedger(forged, 'forged');
}

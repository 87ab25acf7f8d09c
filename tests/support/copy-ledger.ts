import type { PawlEvent } from '../../src/events/catalogue.ts';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import type { Digest, StreamName } from '../../src/kernel/brand.ts';
import type { EventStore } from '../../src/ledger/event-store.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { toyLedger } from './toy-run.ts';

/** What a forger changes: the events of one stream, and which blobs are left out. */
export interface Forgery {
  readonly stream: StreamName;
  readonly events: (events: readonly PawlEvent[]) => readonly PawlEvent[];
  readonly without?: Digest;
}

/**
 * A new ledger, in memory where no store is given, with the same history but for the forgery; ids and revisions are in order, as
 * a forger would see to.
 */
export async function copyLedger(
  store: EventStore,
  { stream, events, without }: Forgery,
  into: EventStore = openMemoryStore(),
): Promise<Ledger> {
  const source = toyLedger(store, 'source');
  const copy = toyLedger(into, 'copy');
  const blobs = (await Array.fromAsync(store.blobDigests())).filter((digest) => digest !== without);
  await copy.putBlobs(
    await Promise.all(blobs.map(async (digest) => ({ digest, bytes: await store.getBlob(digest) }))),
  );
  for await (const name of store.streams('')) {
    const recorded = (await Array.fromAsync(source.readStream(name))).map(plain);
    const written = name === stream ? events(recorded) : recorded;
    const drafts = written.map((event) => copy.draft(event, { actor: 'forger', correlation: '' }, null));
    await copy.append(name, -1, drafts);
  }
  return copy;
}

function plain({ type, data }: AnyRecordedEvent): PawlEvent {
  return structuredClone({ type, data }) as PawlEvent;
}

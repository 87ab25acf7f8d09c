import { type Checkpoint, signCheckpoint } from '../../../src/ledger/audit/checkpoint.ts';
import { type SigningKeyPair, signingKeyFromSeed } from '../../../src/ledger/audit/note-key.ts';
import type { SignedCheckpoint } from '../../../src/ledger/audit/signed-checkpoints.ts';
import { parseSigningKey } from '../../../src/ledger/audit/signed-note.ts';
import { StoreTree } from '../../../src/ledger/audit/store-tree.ts';
import { rootAt } from '../../../src/ledger/audit/subtree-hashes.ts';
import type { EventStore } from '../../../src/ledger/event-store.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { record, stream } from '../record-factory.ts';

export const toyOrigin = 'ledger.example/toy';
export const toyKey = signingKeyFromSeed(toyOrigin, new Uint8Array(32).fill(11));

/** A store in memory with records that are all different; the same number, the same record. */
export async function toyStore(count: number, textOf?: (number: number) => string): Promise<EventStore> {
  const store = openMemoryStore();
  await appendToy(store, 0, count, textOf);
  return store;
}

export async function appendToy(
  store: EventStore,
  from: number,
  to: number,
  textOf: (number: number) => string = (number) => `record ${number}`,
): Promise<void> {
  if (from === to) return;
  const records = Array.from({ length: to - from }, (_, index) => record(from + index, textOf(from + index)));
  await store.append({ stream: stream('toy'), expectedRevision: from - 1, records, blobs: [] });
}

/** A checkpoint of the store's first records, signed. */
export async function signedAt(
  store: EventStore,
  size: number,
  key: SigningKeyPair = toyKey,
): Promise<SignedCheckpoint> {
  const root = await rootAt(await StoreTree.read(store, size), size);
  const checkpoint: Checkpoint = { origin: toyOrigin, size, root, extensions: [] };
  const note = signCheckpoint(checkpoint, parseSigningKey(key.signingKey));
  return { checkpoint, note, verifierKey: key.verifierKey };
}

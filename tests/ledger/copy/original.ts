import type { Digest, StreamName } from '../../../src/kernel/brand.ts';
import { type Clock, steppingClock } from '../../../src/kernel/clock.ts';
import { sha256Hex } from '../../../src/kernel/digest.ts';
import { seededRandom } from '../../../src/kernel/random.ts';
import { type CopyOptions, type CopyReport, copyLedger } from '../../../src/ledger/copy/copy-ledger.ts';
import { eraseBlob } from '../../../src/ledger/erase-blob.ts';
import type { EventStore } from '../../../src/ledger/event-store.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { toyLedger } from '../../support/toy-run.ts';
import { registerKey, signNow } from '../audit/signed-ledger.ts';
import { eventDraft, executionDraft, realRecords } from '../event-factory.ts';
import { blob } from '../record-factory.ts';

export const erasedText = 'a key in a prompt';
export const unreferencedText = 'no record refers to this';

/**
 * A ledger with what there can be in one: a key and checkpoints, streams written in turns, runs of many and of one record, blobs
 * that records share, one to which none refers, and an erased one.
 */
export async function fillOriginal(store: EventStore, rounds = 40): Promise<void> {
  const ledger = toyLedger(store, 'original');
  await registerKey(ledger);
  await appendRounds(store, 0, rounds);
  const erased = blob(erasedText);
  await appendExecution(store, 'erased', 90_000, erasedText);
  await signNow(ledger);
  await eraseBlob(ledger, erased.digest, 'it was in use', { actor: 'tester', correlation: 'test' });
  await store.putBlobs([blob(unreferencedText)]);
  await appendRounds(store, rounds, rounds + 3);
  await signNow(ledger);
}

/** Appends to one of five streams by turns, one to seven records at a time, the first of them with a blob. */
export async function appendRounds(store: EventStore, from: number, to: number): Promise<void> {
  for (let round = from; round < to; round += 1) {
    const random = seededRandom(`round ${round}`);
    const stream = `test-turns${random.int(0, 4)}` as StreamName;
    const last = await store.lastRevision(stream);
    const content = blob(round % 10 === 0 ? 'shared by some' : `of ${round} `.repeat(random.int(0, 3000)));
    const ref = { digest: content.digest, bytes: content.bytes.length };
    const drafts = Array.from({ length: random.int(1, 7) }, (_, index) =>
      index === 0 ? executionDraft(round * 10, ref) : eventDraft(round * 10 + index),
    );
    const records = realRecords(stream, last + 1, drafts);
    await store.append({ stream, expectedRevision: last, records, blobs: [content] });
  }
}

/** One event that refers to a blob of this text, which is stored unless that is left out. */
export async function appendExecution(
  store: EventStore,
  name: string,
  number: number,
  text: string,
  isStored = true,
): Promise<Digest> {
  const stream = `test-${name}` as StreamName;
  const content = blob(text);
  const last = await store.lastRevision(stream);
  const draft = executionDraft(number, { digest: content.digest, bytes: content.bytes.length });
  const records = realRecords(stream, last + 1, [draft]);
  await store.append({ stream, expectedRevision: last, records, blobs: isStored ? [content] : [] });
  return content.digest;
}

export async function original(rounds = 40): Promise<EventStore> {
  const store = openMemoryStore();
  await fillOriginal(store, rounds);
  return store;
}

/** Copies as a command would, without waiting for real. */
export function copyOf(
  source: EventStore,
  target: EventStore,
  options: Partial<CopyOptions & { readonly clock: Clock }> = {},
): Promise<CopyReport> {
  return copyLedger(source, target, {
    clock: steppingClock(0, 1),
    signal: new AbortController().signal,
    allowsMissingBlobs: false,
    onBegin: () => undefined,
    onProgress: () => undefined,
    ...options,
  });
}

/** Everything that can be read of a ledger, in a form that compares: records in full, blobs, the tree. */
export async function contentOf(store: EventStore) {
  const records: string[] = [];
  const standings: string[] = [];
  for await (const { position, stream, revision, id, bytes, leaf } of store.readAll()) {
    const hash = Buffer.from(leaf).toString('hex');
    records.push(`${position} ${stream}/${revision} ${id} ${hash} ${sha256Hex(bytes)}`);
  }
  for await (const digest of store.blobDigests()) {
    standings.push(`${digest} ${sha256Hex(await store.getBlob(digest))}`);
  }
  const { size, root } = await store.head();
  const erased = await store.blobStanding(blob(erasedText).digest);
  return { records, standings, erased, size, root: Buffer.from(root).toString('hex') };
}

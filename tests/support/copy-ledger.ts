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
 * A new ledger, in memory where no store is given, with the same history in the same order but for the forgery; ids and revisions
 * are in order, as a forger would see to.
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
  const original = await Array.fromAsync(source.readStream(stream));
  const forged = original.length === 0 ? [] : events(original.map(plain));
  const revisions = new Map<StreamName, number>();
  const append = async (name: StreamName, written: readonly PawlEvent[]): Promise<void> => {
    if (written.length === 0) return;
    const drafts = written.map((event) => copy.draft(event, { actor: 'forger', correlation: '' }, null));
    const { lastRevision } = await copy.append(name, revisions.get(name) ?? -1, drafts);
    revisions.set(name, lastRevision);
  };
  for await (const run of consecutive(source.readAll())) {
    const [{ stream: name, revision: first }] = run;
    if (name !== stream) {
      await append(name, run.map(plain));
      continue;
    }
    const last = first + run.length;
    // What the forger adds goes where the stream ended.
    await append(name, forged.slice(first, last === original.length ? undefined : last));
  }
  return copy;
}

type Consecutive = readonly [AnyRecordedEvent, ...AnyRecordedEvent[]];

/** Events that stand side by side in the ledger and belong to one stream. */
async function* consecutive(events: AsyncIterable<AnyRecordedEvent>): AsyncGenerator<Consecutive> {
  let run: [AnyRecordedEvent, ...AnyRecordedEvent[]] | null = null;
  for await (const event of events) {
    if (run !== null && run[0].stream === event.stream) {
      run.push(event);
      continue;
    }
    if (run !== null) yield run;
    run = [event];
  }
  if (run !== null) yield run;
}

function plain({ type, data }: AnyRecordedEvent): PawlEvent {
  return structuredClone({ type, data }) as PawlEvent;
}

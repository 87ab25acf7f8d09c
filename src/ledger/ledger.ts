import type { EventType, PawlEvent } from '../events/catalogue.ts';
import { type AnyRecordedEvent, decodeRecord, type EventDraft, encodeRecord } from '../events/record.ts';
import type { BlobRef } from '../events/shapes.ts';
import type { Digest, EventId, StreamName } from '../kernel/brand.ts';
import type { Clock } from '../kernel/clock.ts';
import { sha256Hex } from '../kernel/digest.ts';
import type { IdSource } from '../kernel/id-source.ts';
import type { AppendResult, EventStore, NewBlob, StoredRecord, TreeHead } from './event-store.ts';

/** What every event of one writer has in common. */
export interface WriterContext {
  readonly actor: string;
  readonly correlation: string;
}

/** Whoever follows what a writer appends, without being waited for. */
export interface LedgerObserver {
  /** These were appended by this ledger, and are durable. Must not throw. */
  appended(types: readonly EventType[], result: AppendResult): void;
  /** The ledger is about to close; it can still be written to. What this throws, closing throws. */
  closing(): Promise<void>;
}

/**
 * Typed access to a store: drafts are validated and encoded on the way in, records decoded on the way out. Knows nothing
 * of runs or episodes.
 */
export class Ledger<Store extends EventStore = EventStore> {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #ids: IdSource;
  #observer: LedgerObserver | undefined;

  constructor(store: Store, clock: Clock, ids: IdSource) {
    this.#store = store;
    this.#clock = clock;
    this.#ids = ids;
  }

  /** The records behind the events, for whoever checks or copies them. */
  get store(): Store {
    return this.#store;
  }

  get address(): string {
    return this.#store.address;
  }

  /** From now on; one at most. */
  observe(observer: LedgerObserver): void {
    this.#observer = observer;
  }

  /** Gives an event its id and time. Appending the same draft twice stores it once. */
  draft<Event extends PawlEvent>(
    event: Event,
    writer: WriterContext,
    causation: EventId | null,
  ): EventDraft<Event> {
    return {
      id: this.#ids.next(),
      type: event.type,
      data: event.data,
      at: this.#clock.now(),
      actor: writer.actor,
      correlation: writer.correlation,
      causation,
    };
  }

  /**
   * Appends drafts behind `expectedRevision` (-1: the stream is new), with the blobs they refer to. Durable when resolved.
   *
   * @throws PawlError `INVALID_EVENT`, `RECORD_TOO_LARGE`, `NOT_CANONICALIZABLE`, and those of `EventStore.append`
   */
  append(
    stream: StreamName,
    expectedRevision: number,
    drafts: readonly EventDraft[],
    blobs: readonly NewBlob[] = [],
  ): Promise<AppendResult> {
    const records = drafts.map((draft, index) => ({
      id: draft.id,
      bytes: encodeRecord(draft, stream, expectedRevision + 1 + index),
    }));
    const appended = this.#store.append({ stream, expectedRevision, records, blobs });
    const observer = this.#observer;
    if (observer === undefined) return appended;
    return appended.then((result) => {
      observer.appended(
        drafts.map(({ type }) => type),
        result,
      );
      return result;
    });
  }

  async *readStream(stream: StreamName, fromRevision = 0): AsyncGenerator<AnyRecordedEvent> {
    for await (const record of this.#store.readStream(stream, fromRevision)) yield decode(record);
  }

  async *readAll(fromPosition = 0): AsyncGenerator<AnyRecordedEvent> {
    for await (const events of this.readBatches(fromPosition)) yield* events;
  }

  /** As `readAll`, in batches as the store gives them: for folds over a whole ledger, where a step per event would cost more. */
  async *readBatches(fromPosition = 0): AsyncGenerator<readonly AnyRecordedEvent[]> {
    let position = fromPosition;
    for await (const texts of this.#store.readTexts(fromPosition)) {
      const first = position;
      yield texts.map((text, index) => decodeRecord(first + index, text));
      position += texts.length;
    }
  }

  async *subscribe(fromPosition: number, signal: AbortSignal): AsyncGenerator<AnyRecordedEvent> {
    for await (const record of this.#store.subscribe(fromPosition, signal)) yield decode(record);
  }

  streams(prefix: string): AsyncIterable<StreamName> {
    return this.#store.streams(prefix);
  }

  lastRevision(stream: StreamName): Promise<number> {
    return this.#store.lastRevision(stream);
  }

  putBlobs(blobs: readonly NewBlob[]): Promise<void> {
    return this.#store.putBlobs(blobs);
  }

  getBlob(digest: Digest): Promise<Uint8Array> {
    return this.#store.getBlob(digest);
  }

  async getText(digest: Digest): Promise<string> {
    return Buffer.from(await this.#store.getBlob(digest)).toString('utf8');
  }

  head(): Promise<TreeHead> {
    return this.#store.head();
  }

  /** Also when an observer cannot end as it should: what that throws is thrown after the store has closed. */
  async close(): Promise<void> {
    const observer = this.#observer;
    this.#observer = undefined;
    try {
      await observer?.closing();
    } finally {
      await this.#store.close();
    }
  }
}

/** A blob ready to be stored, and the reference an event holds to it. */
export function newBlob(content: string | Uint8Array): { readonly blob: NewBlob; readonly ref: BlobRef } {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  const digest = sha256Hex(bytes);
  return { blob: { digest, bytes }, ref: { digest, bytes: bytes.length } };
}

function decode(record: StoredRecord): AnyRecordedEvent {
  return decodeRecord(record.position, record.bytes);
}

import type { Digest, StreamName } from '../../../kernel/brand.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
import type {
  AppendRequest,
  AppendResult,
  BlobStanding,
  LedgerStore,
  NewBlob,
  StoredRecord,
  TreeHead,
} from '../../event-store.ts';
import type { WorkQueue } from '../../work-queue.ts';
import { checkNewBlobs, ledgerClosed } from '../store-errors.ts';
import type { EventstoreBlobs } from './blobs/eventstore-blobs.ts';
import { coded, codedFailure } from './ledger-failure.ts';
import type { LogClient } from './log-client.ts';
import type { LedgerOrder } from './order/ledger-order.ts';
import type { EventstoreWorkQueue } from './queue/eventstore-work-queue.ts';
import type { EventstoreRecords } from './records/eventstore-records.ts';

export interface StoreParts {
  readonly client: LogClient;
  readonly ledgerId: string;
  readonly mode: 'write' | 'read';
  readonly records: EventstoreRecords;
  readonly blobs: EventstoreBlobs;
  /** Null where the ledger was opened for streams alone. */
  readonly order: LedgerOrder | null;
  readonly queue: EventstoreWorkQueue;
}

/** A ledger on an EventStoreDB or KurrentDB cluster, put together from its parts. */
export class EventstoreStore implements LedgerStore {
  readonly address: string;
  readonly #parts: StoreParts;
  readonly #underWay = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(parts: StoreParts) {
    this.address = parts.client.address;
    this.#parts = parts;
  }

  /** Which ledger this is, wherever it lies; the same for all who open it. */
  get ledgerId(): string {
    return this.#parts.ledgerId;
  }

  /** Where files that are made again from the ledger may lie: a path that others add a suffix to; null where there is none. */
  get cachePath(): string | null {
    return this.#parts.order?.cachePath ?? null;
  }

  workQueue(): WorkQueue {
    return this.#parts.queue;
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    this.#mustWrite();
    const blobs = holdBlobs(request.blobs);
    const { records, blobs: stored } = this.#parts;
    return this.#tracked(() => records.append(request, () => stored.put(blobs)));
  }

  async putBlobs(blobs: readonly NewBlob[]): Promise<void> {
    this.#mustWrite();
    const held = holdBlobs(blobs);
    return this.#tracked(() => this.#parts.blobs.put(held));
  }

  async eraseBlob(digest: Digest): Promise<void> {
    this.#mustWrite();
    return this.#tracked(() => this.#parts.blobs.erase(digest, null));
  }

  async markErased(digest: Digest, bytes: number): Promise<void> {
    this.#mustWrite();
    return this.#tracked(() => this.#parts.blobs.erase(digest, bytes));
  }

  readStream(stream: StreamName, fromRevision = 0): AsyncIterable<StoredRecord> {
    return this.#reading(() => this.#parts.records.read(stream, fromRevision));
  }

  async lastRevision(stream: StreamName): Promise<number> {
    return this.#asking(() => this.#parts.records.lastRevision(stream));
  }

  async getBlob(digest: Digest): Promise<Uint8Array> {
    return this.#asking(() => this.#parts.blobs.get(digest));
  }

  async blobStanding(digest: Digest): Promise<BlobStanding> {
    return this.#asking(() => this.#parts.blobs.standing(digest));
  }

  blobDigests(): AsyncIterable<Digest> {
    const { blobs } = this.#parts;
    return this.#reading(async function* (order) {
      mustKnow(order);
      yield* await blobs.digests();
    });
  }

  readAll(fromPosition = 0): AsyncIterable<StoredRecord> {
    return this.#reading((order) => mustKnow(order).readAll(fromPosition));
  }

  readTexts(fromPosition = 0): AsyncIterable<readonly string[]> {
    return this.#reading((order) => mustKnow(order).readTexts(fromPosition));
  }

  readLeaves(fromPosition = 0): AsyncIterable<readonly Uint8Array[]> {
    return this.#reading((order) => mustKnow(order).readLeaves(fromPosition));
  }

  subscribe(fromPosition: number, signal: AbortSignal): AsyncIterable<StoredRecord> {
    return this.#reading((order) => mustKnow(order).subscribe(fromPosition, signal));
  }

  streams(prefix: string): AsyncIterable<StreamName> {
    return this.#reading((order) => mustKnow(order).streams(prefix));
  }

  async head(): Promise<TreeHead> {
    return this.#asking(() => mustKnow(this.#parts.order).head());
  }

  /** @throws PawlError `LEDGER_CORRUPT` when what was acknowledged is not there, `LEDGER_UNREACHABLE` when nobody can tell */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { client, records, order, queue } = this.#parts;
    await Promise.allSettled(this.#underWay);
    try {
      await coded(this.address, () => records.finish());
    } finally {
      await Promise.allSettled([order?.close(), queue.close()]);
      await client.dispose();
    }
  }

  async *#reading<Item>(read: (order: LedgerOrder | null) => AsyncIterable<Item>): AsyncGenerator<Item> {
    this.#mustBeOpen();
    try {
      for await (const item of read(this.#parts.order)) {
        yield item;
        this.#mustBeOpen();
      }
    } catch (error) {
      throw codedFailure(this.address, error);
    }
  }

  #asking<Result>(ask: () => Promise<Result>): Promise<Result> {
    this.#mustBeOpen();
    return coded(this.address, ask);
  }

  /** Closing waits for it. */
  #tracked<Result>(write: () => Promise<Result>): Promise<Result> {
    const written = coded(this.address, write);
    const settled = written.catch(() => undefined).finally(() => this.#underWay.delete(settled));
    this.#underWay.add(settled);
    return written;
  }

  #mustBeOpen(): void {
    if (this.#closing !== undefined) throw ledgerClosed(this.address);
    this.#parts.records.mustHold();
  }

  #mustWrite(): void {
    this.#mustBeOpen();
    if (this.#parts.mode === 'write') return;
    throw new PawlError('LEDGER_READ_ONLY', `${this.address} was opened for reading; open it for writing.`, {
      context: { address: this.address },
    });
  }
}

/** A copy, checked: the caller's buffers may change while it is sent. */
function holdBlobs(blobs: readonly NewBlob[]): readonly NewBlob[] {
  const held = blobs.map(({ digest, bytes }) => ({ digest, bytes: new Uint8Array(bytes) }));
  checkNewBlobs(held);
  return held;
}

function mustKnow(order: LedgerOrder | null): LedgerOrder {
  if (order !== null) return order;
  throw new PawlError(
    'LEDGER_STREAMS_ONLY',
    'The ledger was opened for streams alone and knows no positions in the whole; open it as a whole for that.',
  );
}

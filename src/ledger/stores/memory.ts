import type { Digest, EventId, StreamName } from '../../kernel/brand.ts';
import { systemClock } from '../../kernel/clock.ts';
import { TreeFrontier } from '../audit/tree-frontier.ts';
import { leafHash } from '../audit/tree-hash.ts';
import type {
  AppendRequest,
  AppendResult,
  BlobStanding,
  LedgerStore,
  NewBlob,
  StoredRecord,
  TreeHead,
} from '../event-store.ts';
import type { WorkQueue } from '../work-queue.ts';
import { judgeAppend } from './judge-append.ts';
import { MemoryQueuePlace, MemoryWorkQueue } from './memory-work-queue.ts';
import { blobErased, blobNotFound, checkNewBlobs, ledgerClosed, positionTaken } from './store-errors.ts';
import { WakeUp } from './wake-up.ts';

/** A ledger that lives as long as the process: for tests and demonstrations. */
export function openMemoryStore(): LedgerStore {
  return new MemoryStore();
}

class MemoryStore implements LedgerStore {
  readonly address = 'memory:';
  readonly #records: StoredRecord[] = [];
  readonly #byId = new Map<EventId, StoredRecord>();
  readonly #byStream = new Map<StreamName, StoredRecord[]>();
  readonly #blobs = new Map<Digest, Uint8Array>();
  readonly #erased = new Map<Digest, number>();
  readonly #tree = new TreeFrontier();
  readonly #committed = new WakeUp();
  readonly #workQueue = new MemoryWorkQueue(new MemoryQueuePlace(), systemClock);
  #closed = false;

  async append(request: AppendRequest): Promise<AppendResult> {
    this.#mustBeOpen();
    checkNewBlobs(request.blobs);
    const { stream, expectedRevision, records } = request;
    const last = (this.#byStream.get(stream)?.length ?? 0) - 1;
    const judgement = judgeAppend(request, last, (id) => this.#byId.get(id));
    if (judgement.kind === 'refused') throw judgement.error;
    const lastRevision = expectedRevision + records.length;
    if (judgement.kind === 'repeated') {
      return { positions: judgement.positions, lastRevision, repeated: true };
    }
    const size = this.#records.length;
    if ((request.atPosition ?? size) !== size) {
      throw positionTaken(this.address, request.atPosition as number, size);
    }
    this.#keepBlobs(request.blobs);
    const positions = records.map(({ id, bytes }, index) =>
      this.#push(stream, expectedRevision + 1 + index, id, bytes),
    );
    this.#committed.ring();
    return { positions, lastRevision, repeated: false };
  }

  async *readStream(stream: StreamName, fromRevision = 0): AsyncGenerator<StoredRecord> {
    this.#mustBeOpen();
    for (let revision = fromRevision; ; revision += 1) {
      const record = this.#byStream.get(stream)?.[revision];
      if (record === undefined) return;
      yield record;
      this.#mustBeOpen();
    }
  }

  async *readAll(fromPosition = 0): AsyncGenerator<StoredRecord> {
    this.#mustBeOpen();
    for (let position = fromPosition; ; position += 1) {
      const record = this.#records[position];
      if (record === undefined) return;
      yield record;
      this.#mustBeOpen();
    }
  }

  async *readTexts(fromPosition = 0): AsyncGenerator<readonly string[]> {
    for await (const { bytes } of this.readAll(fromPosition)) yield [Buffer.from(bytes).toString('utf8')];
  }

  async *readLeaves(fromPosition = 0): AsyncGenerator<readonly Uint8Array[]> {
    for await (const { leaf } of this.readAll(fromPosition)) yield [leaf];
  }

  async *subscribe(fromPosition: number, signal: AbortSignal): AsyncGenerator<StoredRecord> {
    let position = fromPosition;
    while (!signal.aborted) {
      this.#mustBeOpen();
      const record = this.#records[position];
      if (record === undefined) {
        await this.#committed.wait(signal, null);
        continue;
      }
      position += 1;
      yield record;
    }
  }

  async lastRevision(stream: StreamName): Promise<number> {
    this.#mustBeOpen();
    return (this.#byStream.get(stream)?.length ?? 0) - 1;
  }

  async *streams(prefix: string): AsyncGenerator<StreamName> {
    this.#mustBeOpen();
    // A Map iterates in the order of insertion, which is the order of first records, also over what is added meanwhile.
    for (const stream of this.#byStream.keys()) if (stream.startsWith(prefix)) yield stream;
  }

  async putBlobs(blobs: readonly NewBlob[]): Promise<void> {
    this.#mustBeOpen();
    checkNewBlobs(blobs);
    this.#keepBlobs(blobs);
  }

  async getBlob(digest: Digest): Promise<Uint8Array> {
    this.#mustBeOpen();
    const bytes = this.#blobs.get(digest);
    if (bytes !== undefined) return bytes.slice();
    throw this.#erased.has(digest) ? blobErased(digest) : blobNotFound(digest);
  }

  async blobStanding(digest: Digest): Promise<BlobStanding> {
    this.#mustBeOpen();
    const erased = this.#erased.get(digest);
    if (erased !== undefined) return { kind: 'erased', bytes: erased };
    const bytes = this.#blobs.get(digest);
    return bytes === undefined ? { kind: 'missing' } : { kind: 'stored', bytes: bytes.length };
  }

  async eraseBlob(digest: Digest): Promise<void> {
    this.#mustBeOpen();
    if (this.#erased.has(digest)) return;
    const bytes = this.#blobs.get(digest);
    if (bytes === undefined) throw blobNotFound(digest);
    this.#erased.set(digest, bytes.length);
    this.#blobs.delete(digest);
  }

  async markErased(digest: Digest, bytes: number): Promise<void> {
    this.#mustBeOpen();
    if (this.#blobs.has(digest)) return this.eraseBlob(digest);
    if (!this.#erased.has(digest)) this.#erased.set(digest, bytes);
  }

  async *blobDigests(): AsyncGenerator<Digest> {
    this.#mustBeOpen();
    yield* [...this.#blobs.keys()].sort();
  }

  async head(): Promise<TreeHead> {
    this.#mustBeOpen();
    return { ...this.#tree.state(), root: this.#tree.root() };
  }

  workQueue(): WorkQueue {
    return this.#workQueue;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#workQueue.close();
    this.#committed.ring();
  }

  #push(stream: StreamName, revision: number, id: EventId, given: Uint8Array): number {
    // The caller may reuse its buffer; the ledger keeps its own copy.
    const bytes = Uint8Array.from(given);
    const position = this.#records.length;
    const record = { position, stream, revision, id, bytes, leaf: leafHash(bytes) };
    this.#records.push(record);
    this.#byId.set(id, record);
    const ofStream = this.#byStream.get(stream);
    if (ofStream === undefined) this.#byStream.set(stream, [record]);
    else ofStream.push(record);
    this.#tree.append(record.leaf);
    return position;
  }

  #keepBlobs(blobs: readonly NewBlob[]): void {
    for (const { digest, bytes } of blobs) {
      if (!this.#blobs.has(digest) && !this.#erased.has(digest))
        this.#blobs.set(digest, Uint8Array.from(bytes));
    }
  }

  #mustBeOpen(): void {
    if (this.#closed) throw ledgerClosed(this.address);
  }
}

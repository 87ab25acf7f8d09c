import type { Digest, StreamName } from '../../kernel/brand.ts';
import { messageOf } from '../../kernel/pawl-error.ts';
import type { BlobStanding, EventStore, StoredRecord, TreeHead } from '../event-store.ts';
import type { ProblemList } from './problem.ts';
import type { CheckedBlobs, SourceRecord, UnreadableRecord, VerifySource } from './verify-source.ts';

const batchRecords = 256;

/**
 * Verification of any store, through its port alone. The port does not list what was erased, so erased blobs are known from the
 * events that say so.
 */
export class PortSource implements VerifySource {
  readonly #store: EventStore;
  readonly #refs = new Map<StreamName, number>();

  constructor(store: EventStore) {
    this.#store = store;
  }

  head(): Promise<TreeHead> {
    return this.#store.head();
  }

  async *records(from: number, to: number): AsyncGenerator<readonly (SourceRecord | UnreadableRecord)[]> {
    if (from >= to) return;
    let batch: SourceRecord[] = [];
    let next = from;
    try {
      for await (const record of this.#store.readAll(from)) {
        if (record.position >= to) break;
        next = record.position + 1;
        batch.push(this.#toSource(record));
        if (batch.length === batchRecords) {
          yield batch;
          batch = [];
        }
        if (next >= to) break;
      }
      yield batch;
    } catch (error) {
      yield [...batch, { position: next, why: messageOf(error) }];
    }
  }

  stream(name: string): AsyncIterable<StoredRecord> {
    return this.#store.readStream(name as StreamName);
  }

  blobStanding(digest: Digest): Promise<BlobStanding> {
    return this.#store.blobStanding(digest);
  }

  async parts(): Promise<{ readonly blobs: number; readonly structure: number }> {
    return { blobs: 1, structure: 0 };
  }

  async checkBlobs(_part: number, problems: ProblemList): Promise<CheckedBlobs> {
    let count = 0;
    const damaged: Digest[] = [];
    try {
      for await (const digest of this.#store.blobDigests()) {
        count += 1;
        try {
          await this.#store.getBlob(digest);
        } catch (error) {
          damaged.push(digest);
          problems.add({ position: null, digest, code: 'BLOB_DAMAGED', message: messageOf(error) });
        }
      }
    } catch (error) {
      problems.at(null, 'UNREADABLE', messageOf(error));
    }
    return { count, erased: [], damaged };
  }

  async checkStructure(): Promise<void> {}

  /** The store is its owner's to close. */
  close(): void {}

  #toSource({ position, stream, revision, id, bytes, leaf }: StoredRecord): SourceRecord {
    return {
      ...{ position, stream, revision, id, streamRef: this.#refOf(stream) },
      text: Buffer.from(bytes).toString('utf8'),
      bytes: bytes.length,
      leaf: Buffer.from(leaf).toString('hex'),
    };
  }

  #refOf(stream: StreamName): number {
    const known = this.#refs.get(stream);
    if (known !== undefined) return known;
    this.#refs.set(stream, this.#refs.size);
    return this.#refs.size - 1;
  }
}

import type { Digest, StreamName } from '../../kernel/brand.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import { TreeFrontier } from '../../ledger/audit/tree-frontier.ts';
import type {
  AppendResult,
  BlobStanding,
  EventStore,
  StoredRecord,
  TreeHead,
} from '../../ledger/event-store.ts';
import type { Bundle } from './bundle.ts';

const textsAtATime = 1000;

/**
 * The records of a bundle as a ledger of their own, for reading: replay and projections see nothing but what was sent.
 * Positions count these records alone, without gaps, as every ledger's do; where they stood before is in `Bundle.records`.
 */
export class BundleStore implements EventStore {
  readonly address = 'bundle:';
  readonly #bundle: Bundle;
  readonly #records: readonly StoredRecord[];
  readonly #byStream = new Map<StreamName, StoredRecord[]>();

  constructor(bundle: Bundle) {
    this.#bundle = bundle;
    this.#records = bundle.records.map((record, position) => ({ ...record, position }));
    for (const record of this.#records) {
      const ofStream = this.#byStream.get(record.stream);
      if (ofStream === undefined) this.#byStream.set(record.stream, [record]);
      else ofStream.push(record);
    }
  }

  append(): Promise<AppendResult> {
    return Promise.reject(readOnly());
  }

  putBlobs(): Promise<void> {
    return Promise.reject(readOnly());
  }

  eraseBlob(): Promise<void> {
    return Promise.reject(readOnly());
  }

  markErased(): Promise<void> {
    return Promise.reject(readOnly());
  }

  async *readStream(stream: StreamName, fromRevision = 0): AsyncGenerator<StoredRecord> {
    // By what the records say, not by their place: of some streams only a part is here.
    for (const record of this.#byStream.get(stream) ?? []) if (record.revision >= fromRevision) yield record;
  }

  async *readAll(fromPosition = 0): AsyncGenerator<StoredRecord> {
    for (let place = fromPosition; place < this.#records.length; place += 1) {
      yield this.#records[place] as StoredRecord;
    }
  }

  async *readTexts(fromPosition = 0): AsyncGenerator<readonly string[]> {
    for (const records of this.#batches(fromPosition)) {
      yield records.map(({ bytes }) => Buffer.from(bytes).toString('utf8'));
    }
  }

  async *readLeaves(fromPosition = 0): AsyncGenerator<readonly Uint8Array[]> {
    for (const records of this.#batches(fromPosition)) yield records.map(({ leaf }) => leaf);
  }

  /** Nothing comes after what is there: it waits for the signal. */
  async *subscribe(fromPosition: number, signal: AbortSignal): AsyncGenerator<StoredRecord> {
    for await (const record of this.readAll(fromPosition)) {
      if (signal.aborted) return;
      yield record;
    }
    if (signal.aborted) return;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  async lastRevision(stream: StreamName): Promise<number> {
    return this.#byStream.get(stream)?.at(-1)?.revision ?? -1;
  }

  async *streams(prefix: string): AsyncGenerator<StreamName> {
    for (const stream of this.#byStream.keys()) if (stream.startsWith(prefix)) yield stream;
  }

  async getBlob(digest: Digest): Promise<Uint8Array> {
    const standing = this.#bundle.blobs.get(digest)?.standing;
    if (standing === 'stored') return this.#bundle.load(digest);
    const context = { digest };
    if (standing === 'erased') {
      throw new PawlError('BLOB_ERASED', `The blob ${digest} was erased before the bundle was made.`, {
        context,
      });
    }
    const why =
      standing === 'redacted'
        ? 'was redacted: the bundle has its digest alone'
        : standing === 'outside'
          ? 'belongs to another proposal: the bundle has its digest alone'
          : 'is not in it';
    throw new PawlError('BLOB_NOT_FOUND', `The blob ${digest} ${why}.`, { context });
  }

  async blobStanding(digest: Digest): Promise<BlobStanding> {
    const blob = this.#bundle.blobs.get(digest);
    if (blob === undefined || blob.standing === 'redacted' || blob.standing === 'outside')
      return { kind: 'missing' };
    return { kind: blob.standing, bytes: blob.bytes };
  }

  async *blobDigests(): AsyncGenerator<Digest> {
    for (const [digest, { standing }] of this.#bundle.blobs) if (standing === 'stored') yield digest;
  }

  async head(): Promise<TreeHead> {
    const tree = new TreeFrontier();
    for (const { leaf } of this.#records) tree.append(leaf);
    return { ...tree.state(), root: tree.root() };
  }

  async close(): Promise<void> {}

  *#batches(from: number): Generator<readonly StoredRecord[]> {
    for (let place = from; place < this.#records.length; place += textsAtATime) {
      yield this.#records.slice(place, place + textsAtATime);
    }
  }
}

function readOnly(): PawlError {
  return new PawlError('LEDGER_READ_ONLY', 'A bundle cannot be written to; it is evidence.');
}

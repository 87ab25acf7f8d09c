import type { Digest } from '../../../../kernel/brand.ts';
import type { PawlError } from '../../../../kernel/pawl-error.ts';
import type { BlobStanding } from '../../../event-store.ts';
import { blobErased, blobNotFound } from '../../store-errors.ts';
import { failedAs } from '../ledger-failure.ts';
import type { LogClient, LogEvent } from '../log-client.ts';
import type { Patience } from '../patience.ts';
import { streamTruncated } from '../records/append-errors.ts';
import type { StreamNames } from '../stream-names.ts';
import { blobLength, joinChunks } from './blob-chunks.ts';

/** Chunks of one read: at most so many times 512 KiB are on their way at once. */
const pageMax = 8;

/** Reads blobs back and tells how they stand. */
export class BlobReader {
  readonly #client: LogClient;
  readonly #patience: Patience;
  readonly #names: StreamNames;

  constructor(client: LogClient, patience: Patience, names: StreamNames) {
    this.#client = client;
    this.#patience = patience;
    this.#names = names;
  }

  /** @throws PawlError `BLOB_NOT_FOUND`, `BLOB_ERASED`, `BLOB_CORRUPT`, `STREAM_TRUNCATED`; LogFailure */
  async get(digest: Digest): Promise<Uint8Array> {
    const [erased, events] = await Promise.all([this.erasedLength(digest), this.#events(digest)]);
    // Marked first and deleted then: between the two the bytes are still there, and not to be had.
    if (erased !== null) throw blobErased(digest);
    if (events === 'deleted') throw blobDeleted(this.#client.address, this.#names.blob(digest));
    const last = events.at(-1);
    if (last === undefined || blobLength(this.#names.types, last) === null) throw blobNotFound(digest);
    return joinChunks(digest, events);
  }

  /** @throws PawlError `STREAM_TRUNCATED`; LogFailure */
  async standing(digest: Digest): Promise<BlobStanding> {
    const [erased, last] = await Promise.all([
      this.erasedLength(digest),
      this.#read(this.#names.blob(digest), { from: 'end', direction: 'backwards', countMax: 1 }),
    ]);
    if (erased !== null) return { kind: 'erased', bytes: erased };
    if (last === 'deleted') throw blobDeleted(this.#client.address, this.#names.blob(digest));
    const bytes = last[0] === undefined ? null : blobLength(this.#names.types, last[0]);
    return bytes === null ? { kind: 'missing' } : { kind: 'stored', bytes };
  }

  /** Length of the raw bytes that were erased, null where they were not. @throws LogFailure */
  async erasedLength(digest: Digest): Promise<number | null> {
    const page = { from: 0, direction: 'forwards', countMax: 1 } as const;
    const marks = await this.#read(this.#names.erased(digest), page);
    if (marks === 'deleted' || marks[0] === undefined) return null;
    return Number(JSON.parse(Buffer.from(marks[0].data).toString('utf8')).bytes);
  }

  async #events(digest: Digest): Promise<readonly LogEvent[] | 'deleted'> {
    const all: LogEvent[] = [];
    for (;;) {
      const page = { from: all.length, direction: 'forwards', countMax: pageMax } as const;
      const events = await this.#read(this.#names.blob(digest), page);
      if (events === 'deleted') return events;
      all.push(...events);
      if (events.length < pageMax) return all;
    }
  }

  async #read(
    stream: string,
    page: Parameters<LogClient['readStream']>[1],
  ): Promise<readonly LogEvent[] | 'deleted'> {
    try {
      return await this.#patience.retry(() =>
        this.#client.readStream(stream, page, this.#patience.callTimeoutMs),
      );
    } catch (error) {
      if (failedAs(error, 'deleted')) return 'deleted';
      throw error;
    }
  }
}

/** Somebody deleted the stream of a blob, and did not erase the blob. */
export function blobDeleted(address: string, stream: string): PawlError {
  return streamTruncated(address, stream, 'was deleted, and not by erasing the blob');
}

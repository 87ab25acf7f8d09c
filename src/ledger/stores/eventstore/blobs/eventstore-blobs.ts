import type { Digest } from '../../../../kernel/brand.ts';
import type { Clock } from '../../../../kernel/clock.ts';
import type { BlobStanding, NewBlob } from '../../../event-store.ts';
import type { LogClient } from '../log-client.ts';
import { MatchingEvents } from '../matching-events.ts';
import type { Patience } from '../patience.ts';
import type { StreamNames } from '../stream-names.ts';
import { BlobEraser } from './blob-eraser.ts';
import { BlobReader } from './blob-reader.ts';
import { BlobWriter } from './blob-writer.ts';

/** The blobs of a ledger on a log database: each in a stream of its own, named by its digest. */
export class EventstoreBlobs {
  readonly #names: StreamNames;
  readonly #writer: BlobWriter;
  readonly #reader: BlobReader;
  readonly #eraser: BlobEraser;
  readonly #matching: MatchingEvents;

  constructor(
    client: LogClient,
    patience: Patience,
    clock: Clock,
    names: StreamNames,
    appendBytesMax: number,
  ) {
    this.#names = names;
    this.#reader = new BlobReader(client, patience, names);
    this.#writer = new BlobWriter(client, patience, names, appendBytesMax, this.#reader);
    this.#eraser = new BlobEraser(client, patience, names, this.#reader);
    this.#matching = new MatchingEvents(client, patience, clock);
  }

  /** Of bytes that nobody else changes. @throws LogFailure */
  put(blobs: readonly NewBlob[]): Promise<void> {
    return this.#writer.put(blobs);
  }

  /** @throws PawlError `BLOB_NOT_FOUND`, `BLOB_ERASED`, `BLOB_CORRUPT`, `STREAM_TRUNCATED`; LogFailure */
  get(digest: Digest): Promise<Uint8Array> {
    return this.#reader.get(digest);
  }

  /** @throws PawlError `STREAM_TRUNCATED`; LogFailure */
  standing(digest: Digest): Promise<BlobStanding> {
    return this.#reader.standing(digest);
  }

  /**
   * @param bytesKnown length of what may never have come here; null: refuse what is not here
   * @throws PawlError `BLOB_NOT_FOUND`; LogFailure
   */
  async erase(digest: Digest, bytesKnown: number | null): Promise<void> {
    // What was sent before is erased, too.
    await this.#writer.settled(digest);
    this.#writer.forget(digest);
    await this.#eraser.erase(digest, bytesKnown);
  }

  /** In digest order, without those that were erased. @throws LogFailure */
  async digests(): Promise<readonly Digest[]> {
    const { blobEnd, erased } = this.#names.types;
    const found = new Set<Digest>();
    const gone = new Set<Digest>();
    for await (const { stream, type } of this.#matching.read({ typePrefixes: [blobEnd, erased] })) {
      const digest = stream.slice(stream.lastIndexOf('-') + 1) as Digest;
      if (stream === this.#names.blob(digest) && type === blobEnd) found.add(digest);
      else if (stream === this.#names.erased(digest) && type === erased) gone.add(digest);
    }
    return [...found.difference(gone)].sort();
  }
}

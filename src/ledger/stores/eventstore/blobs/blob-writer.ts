import type { Digest } from '../../../../kernel/brand.ts';
import { isPawlError } from '../../../../kernel/pawl-error.ts';
import type { NewBlob } from '../../../event-store.ts';
import { failedAs } from '../ledger-failure.ts';
import type { LogClient, NewLogEvent } from '../log-client.ts';
import type { Patience } from '../patience.ts';
import { appendedBytes } from '../records/held-record.ts';
import { PlaceReader } from '../records/place-reader.ts';
import { Seats } from '../records/seats.ts';
import type { StreamNames } from '../stream-names.ts';
import { blobEvent, blobEvents, chunkBytes } from './blob-chunks.ts';
import { type BlobReader, blobDeleted } from './blob-reader.ts';

/** Digests that are remembered as stored. */
const knownMax = 50_000;
/** Blobs that are written at once. */
const underWayMax = 32;

/**
 * Writes blobs into streams of their own, which anybody may write at the same time: what belongs at a place follows from the
 * digest. One that was interrupted is completed by whoever comes next.
 */
export class BlobWriter {
  readonly #client: LogClient;
  readonly #patience: Patience;
  readonly #names: StreamNames;
  readonly #appendBytesMax: number;
  readonly #places: PlaceReader;
  readonly #reader: BlobReader;
  readonly #seats = new Seats(underWayMax);
  readonly #known = new Set<Digest>();
  readonly #underWay = new Map<Digest, Promise<void>>();

  constructor(
    client: LogClient,
    patience: Patience,
    names: StreamNames,
    appendBytesMax: number,
    reader: BlobReader,
  ) {
    this.#client = client;
    this.#patience = patience;
    this.#names = names;
    this.#appendBytesMax = appendBytesMax;
    this.#reader = reader;
    this.#places = new PlaceReader(client, patience, () => undefined);
  }

  /**
   * Durable when resolved. What was erased is not stored again, and that is not an error.
   *
   * @throws PawlError `STREAM_TRUNCATED`; LogFailure
   */
  async put(blobs: readonly NewBlob[]): Promise<void> {
    await Promise.all(blobs.map((blob) => this.#once(blob)));
  }

  /** Resolves when no writing of that blob is under way here. Never rejects. */
  async settled(digest: Digest): Promise<void> {
    await this.#underWay.get(digest)?.catch(() => undefined);
  }

  forget(digest: Digest): void {
    this.#known.delete(digest);
  }

  #once(blob: NewBlob): Promise<void> {
    const { digest } = blob;
    if (this.#known.has(digest)) return Promise.resolve();
    const underWay = this.#underWay.get(digest);
    if (underWay !== undefined) return underWay;
    const written = this.#seats
      .run(() => this.#write(blob))
      .then(() => this.#remember(digest))
      .finally(() => this.#underWay.delete(digest));
    this.#underWay.set(digest, written);
    return written;
  }

  async #write({ digest, bytes }: NewBlob): Promise<void> {
    const stream = this.#names.blob(digest);
    const count = blobEvents(bytes.length);
    try {
      // A long one may be there already, or in part; asking is cheaper than sending it for nothing.
      let next = bytes.length > chunkBytes ? (await this.#places.lastRevision(stream)) + 1 : 0;
      while (next < count) {
        const events = this.#batch(digest, bytes, next);
        next = (await this.#append(stream, next, events)) + 1;
      }
    } catch (error) {
      const isGone = failedAs(error, 'deleted') || isPawlError(error, 'STREAM_TRUNCATED');
      // Deleted and not marked is not erased, and the bytes would be lost without a word.
      if (isGone && (await this.#reader.erasedLength(digest)) !== null) return;
      throw isGone ? blobDeleted(this.#client.address, stream) : error;
    }
  }

  /** As many events from a place on as go into one append, one at least. */
  #batch(digest: Digest, bytes: Uint8Array, from: number): readonly NewLogEvent[] {
    const events: NewLogEvent[] = [];
    let size = 0;
    for (let index = from; index < blobEvents(bytes.length); index += 1) {
      const event = blobEvent(this.#names.types, digest, bytes, index);
      size += appendedBytes(event);
      if (events.length > 0 && size > this.#appendBytesMax) break;
      events.push(event);
    }
    return events;
  }

  /** Returns the last revision of the stream, whoever wrote it. */
  async #append(stream: string, at: number, events: readonly NewLogEvent[]): Promise<number> {
    const { callTimeoutMs } = this.#patience;
    try {
      await this.#patience.retry(() => this.#client.append(stream, at - 1, events, callTimeoutMs));
      return at + events.length - 1;
    } catch (error) {
      if (!failedAs(error, 'wrong revision')) throw error;
      return error.actual ?? this.#places.lastRevision(stream);
    }
  }

  #remember(digest: Digest): void {
    this.#known.add(digest);
    const [oldest] = this.#known;
    if (this.#known.size > knownMax) this.#known.delete(oldest as Digest);
  }
}

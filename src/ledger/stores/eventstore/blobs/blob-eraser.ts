import type { Digest } from '../../../../kernel/brand.ts';
import { sha256Bytes } from '../../../../kernel/digest.ts';
import { blobNotFound } from '../../store-errors.ts';
import { eventUuid } from '../event-uuid.ts';
import { failedAs } from '../ledger-failure.ts';
import type { LogClient, NewLogEvent } from '../log-client.ts';
import type { Patience } from '../patience.ts';
import type { StreamNames } from '../stream-names.ts';
import type { BlobReader } from './blob-reader.ts';

/**
 * Erases a blob: first a small event that marks the digest and tells the length, then the tombstone of its stream, under which
 * nobody can store it again. Both may be repeated by whoever comes after an interruption. The server takes the bytes out of its
 * files with the next scavenge, not before.
 */
export class BlobEraser {
  readonly #client: LogClient;
  readonly #patience: Patience;
  readonly #names: StreamNames;
  readonly #reader: BlobReader;

  constructor(client: LogClient, patience: Patience, names: StreamNames, reader: BlobReader) {
    this.#client = client;
    this.#patience = patience;
    this.#names = names;
    this.#reader = reader;
  }

  /**
   * @param bytesKnown length of what may never have come here; null: refuse what is not here
   * @throws PawlError `BLOB_NOT_FOUND`; LogFailure
   */
  async erase(digest: Digest, bytesKnown: number | null): Promise<void> {
    const standing = await this.#reader.standing(digest);
    const bytes = standing.kind === 'missing' ? bytesKnown : standing.bytes;
    if (bytes === null) throw blobNotFound(digest);
    if (standing.kind !== 'erased') await this.#mark(digest, bytes);
    await this.#patience
      .retry(() => this.#client.tombstone(this.#names.blob(digest), this.#patience.callTimeoutMs))
      .catch(unless('deleted'));
  }

  async #mark(digest: Digest, bytes: number): Promise<void> {
    const event: NewLogEvent = {
      id: eventUuid(sha256Bytes(`erased/${digest}`)),
      type: this.#names.types.erased,
      data: Buffer.from(JSON.stringify({ bytes }), 'utf8'),
      metadata: Buffer.from(JSON.stringify({ digest }), 'utf8'),
    };
    const stream = this.#names.erased(digest);
    await this.#patience
      .retry(() => this.#client.append(stream, -1, [event], this.#patience.callTimeoutMs))
      .catch(unless('wrong revision'));
  }
}

/** What somebody else has done already is done. */
function unless(kind: 'deleted' | 'wrong revision'): (error: unknown) => void {
  return (error) => {
    if (!failedAs(error, kind)) throw error;
  };
}

import type { StreamName } from '../../../../kernel/brand.ts';
import { leafHash } from '../../../audit/tree-hash.ts';
import type { StoredRecord } from '../../../event-store.ts';
import { eventUuid } from '../event-uuid.ts';
import { failedAs } from '../ledger-failure.ts';
import type { LogClient, LogEvent } from '../log-client.ts';
import type { Patience } from '../patience.ts';
import { recordCorrupt, streamTruncated } from './append-errors.ts';
import { ulidOf } from './held-record.ts';
import type { StreamGuard } from './stream-guard.ts';

/** Bounds what one read holds in memory: so many records of 32 KiB at most. */
const pageMax = 500;

/** Reads one stream of records, page by page, and believes nothing: every record has to be the one of its place and of its id. */
export class StreamReader {
  readonly #client: LogClient;
  readonly #patience: Patience;
  readonly #guard: StreamGuard;

  constructor(client: LogClient, patience: Patience, guard: StreamGuard) {
    this.#client = client;
    this.#patience = patience;
    this.#guard = guard;
  }

  /**
   * Pages of records, without positions (-1).
   *
   * @throws PawlError `STREAM_TRUNCATED`, `LEDGER_CORRUPT`; LogFailure
   */
  async *pages(
    stream: StreamName,
    logStream: string,
    fromRevision: number,
  ): AsyncGenerator<readonly StoredRecord[]> {
    const guarded = this.#guard.check(logStream);
    // Awaited below; a page that fails first must not leave it behind.
    guarded.catch(() => undefined);
    for (let next = fromRevision; ; ) {
      const events = await this.#page(logStream, next);
      await guarded;
      const first = next;
      const records = events.map((event, index) => this.#record(stream, event, first + index));
      if (records.length > 0) yield records;
      if (records.length < pageMax) return;
      next += records.length;
    }
  }

  async #page(logStream: string, from: number): Promise<readonly LogEvent[]> {
    const page = { from, direction: 'forwards', countMax: pageMax } as const;
    try {
      return await this.#patience.retry(() =>
        this.#client.readStream(logStream, page, this.#patience.callTimeoutMs),
      );
    } catch (error) {
      if (!failedAs(error, 'deleted')) throw error;
      throw streamTruncated(this.#client.address, logStream, 'was deleted for good');
    }
  }

  #record(stream: StreamName, event: LogEvent, revision: number): StoredRecord {
    const { address } = this.#client;
    if (event.revision !== revision) {
      const what = `has no event ${revision}; the next one is ${event.revision}`;
      throw streamTruncated(address, event.stream, what);
    }
    const leaf = leafHash(event.data);
    const id = ulidOf(event.metadata);
    if (id === null) throw recordCorrupt(address, event.stream, revision, 'is no record of a ledger');
    if (event.id !== eventUuid(leaf)) {
      throw recordCorrupt(address, event.stream, revision, 'holds other bytes than were stored under its id');
    }
    return { position: -1, stream, revision, id, bytes: event.data, leaf };
  }
}

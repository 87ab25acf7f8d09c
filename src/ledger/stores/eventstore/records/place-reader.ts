import type { StreamName } from '../../../../kernel/brand.ts';
import { failedAs } from '../ledger-failure.ts';
import type { LogClient, LogEvent, LogPosition, PageOfStream } from '../log-client.ts';
import type { Patience } from '../patience.ts';
import { idConflict, recordCorrupt, streamTruncated } from './append-errors.ts';
import { type HeldRecord, ulidOf } from './held-record.ts';

/** More events than this are not asked for at once. */
const pageMax = 500;

export type Place =
  /** Exactly these records are there; `position` is that of the last one. */
  | { readonly kind: 'these'; readonly position: LogPosition | null }
  | {
      readonly kind: 'others or nothing';
      /** So many of the first are there all the same. */
      readonly same: number;
    };

/** Looks at a place in a stream: what is there decides about an append, not what was answered to it. */
export class PlaceReader {
  readonly #client: LogClient;
  readonly #patience: Patience;
  readonly #seen: (position: LogPosition | null) => void;

  /** @param seen told where events are that were read */
  constructor(client: LogClient, patience: Patience, seen: (position: LogPosition | null) => void) {
    this.#client = client;
    this.#patience = patience;
    this.#seen = seen;
  }

  /**
   * @throws PawlError `EVENT_ID_CONFLICT` when a record's id is there with other bytes, `LEDGER_CORRUPT`; LogFailure
   */
  async look(
    stream: StreamName,
    logStream: string,
    first: number,
    held: readonly HeldRecord[],
  ): Promise<Place> {
    let position: LogPosition | null = null;
    for (let done = 0; done < held.length; ) {
      const events = await this.#read(logStream, {
        from: first + done,
        direction: 'forwards',
        countMax: Math.min(pageMax, held.length - done),
      });
      for (const event of events) {
        const record = held[done] as HeldRecord;
        if (!this.#isSame(stream, event, first + done, record))
          return { kind: 'others or nothing', same: done };
        position = event.position;
        done += 1;
      }
      if (events.length === 0) return { kind: 'others or nothing', same: done };
    }
    return { kind: 'these', position };
  }

  /** Revision of the last event, -1 when there is none. @throws PawlError `STREAM_TRUNCATED`; LogFailure */
  async lastRevision(logStream: string): Promise<number> {
    const [last] = await this.#read(logStream, { from: 'end', direction: 'backwards', countMax: 1 });
    return last?.revision ?? -1;
  }

  async #read(stream: string, page: PageOfStream): Promise<readonly LogEvent[]> {
    try {
      const events = await this.#patience.retry(() =>
        this.#client.readStream(stream, page, this.#patience.callTimeoutMs),
      );
      for (const { position } of events) this.#seen(position);
      return events;
    } catch (error) {
      if (!failedAs(error, 'deleted')) throw error;
      throw streamTruncated(this.#client.address, stream, 'was deleted for good');
    }
  }

  #isSame(stream: StreamName, event: LogEvent, revision: number, { id, event: wanted }: HeldRecord): boolean {
    if (event.revision !== revision) return false;
    const sameBytes = Buffer.compare(event.data, wanted.data) === 0;
    // Server and client tell events apart by ids alone; with one id and other bytes there, an append would be lost silently.
    if (event.id === wanted.id && !sameBytes) {
      throw recordCorrupt(this.#client.address, event.stream, revision, 'has the id of other bytes');
    }
    if (!sameBytes && ulidOf(event.metadata) === id) throw idConflict(stream, id);
    return sameBytes && ulidOf(event.metadata) === id;
  }
}

import type { StreamName } from '../../../../kernel/brand.ts';
import { PawlError } from '../../../../kernel/pawl-error.ts';
import { failedAs } from '../ledger-failure.ts';
import type { LogClient, LogPosition } from '../log-client.ts';
import type { Patience } from '../patience.ts';
import { recordCorrupt, streamTruncated, wrongExpectedRevision } from './append-errors.ts';
import type { HeldRecord } from './held-record.ts';
import { LogFloor } from './log-floor.ts';
import { PlaceReader } from './place-reader.ts';
import { Seats } from './seats.ts';
import type { SendingTurn } from './sending-order.ts';

/** Appends that are on the wire at once; the library would hold any number of them in memory. */
const underWayMax = 256;

export interface AppendOrder {
  readonly stream: StreamName;
  readonly logStream: string;
  readonly expectedRevision: number;
  /** One at least. */
  readonly held: readonly HeldRecord[];
  /**
   * Null: issued again as often as it takes. In a turn it is not, because it could come behind appends that were sent after it.
   */
  readonly turn: SendingTurn | null;
}

/** What the server said last. `unknown`: nothing that can be believed. */
type Answer =
  | { readonly kind: 'stored'; readonly revision: number; readonly position: LogPosition | null }
  | { readonly kind: 'refused'; readonly actual: number | null }
  | { readonly kind: 'unknown'; readonly failure: unknown };

/**
 * Appends records at an exact revision. What was answered to an append that failed in a way that leaves its fate open is not
 * believed either way: it is issued again, identical, until there is an answer, and then the place itself is read.
 */
export class RecordAppender {
  readonly #client: LogClient;
  readonly #patience: Patience;
  readonly #seats = new Seats(underWayMax);
  readonly #floor = new LogFloor();
  readonly #places: PlaceReader;

  constructor(client: LogClient, patience: Patience) {
    this.#client = client;
    this.#patience = patience;
    this.#places = this.#placeReader(patience);
  }

  /**
   * @returns true when exactly these records were there before
   * @throws PawlError `WRONG_EXPECTED_REVISION`, `EVENT_ID_CONFLICT`, `STREAM_TRUNCATED`, `LEDGER_CORRUPT`; LogFailure
   */
  async append(order: AppendOrder): Promise<boolean> {
    const floor = this.#floor.commit;
    const { answer, attempts } = await this.#ask(order);
    // One answer to one question is believed, once it says where; whatever is read later is compared with it again.
    if (answer.kind === 'stored' && attempts === 1 && answer.position !== null) {
      this.#mustBeBehind(order, answer.revision);
      this.#floor.raise(answer.position);
      return answer.position.commit <= floor;
    }
    const place = await this.#look(order, answer, attempts);
    if ('behind' in place) {
      await this.append(place.behind);
      return false;
    }
    const { position } = place;
    return position !== null && position.commit <= floor;
  }

  /**
   * Revision of the last record, -1 when there is none. Asked before the first append to a stream, it tells what others have
   * stored there from what is stored from now on.
   *
   * @throws PawlError `STREAM_TRUNCATED`; LogFailure
   */
  lastRevision(logStream: string): Promise<number> {
    return this.#places.lastRevision(logStream);
  }

  async #ask(order: AppendOrder): Promise<{ readonly answer: Answer; readonly attempts: number }> {
    let attempts = 0;
    const issue = async (): Promise<Answer> => {
      attempts += 1;
      try {
        return { kind: 'stored', ...(await this.#issue(order)) };
      } catch (error) {
        if (!failedAs(error, 'wrong revision')) throw error;
        return { kind: 'refused', actual: error.actual };
      }
    };
    try {
      return { answer: order.turn === null ? await this.#patience.retry(issue) : await issue(), attempts };
    } catch (failure) {
      if (failedAs(failure, 'deleted')) {
        throw streamTruncated(this.#client.address, order.logStream, 'was deleted for good');
      }
      if (!this.#patience.passes(failure)) throw failure;
      // Before it is looked for, which takes its time: others must not be sent meanwhile.
      order.turn?.failed();
      return { answer: { kind: 'unknown', failure }, attempts };
    }
  }

  #issue(order: AppendOrder): ReturnType<LogClient['append']> {
    return this.#seats.run(() => {
      const { logStream, expectedRevision, held, turn } = order;
      turn?.mayGo();
      const events = held.map(({ event }) => event);
      const sent = this.#client.append(logStream, expectedRevision, events, this.#patience.callTimeoutMs);
      turn?.done();
      return sent;
    });
  }

  /**
   * What is at the place decides, where the answer does not. Returns the place of the last record in the log, or what is still to
   * be appended: a call of the classic kind that broke off while it was sent ends, to the server, as if that had been all of it.
   */
  async #look(
    order: AppendOrder,
    answer: Answer,
    attempts: number,
  ): Promise<{ readonly position: LogPosition | null } | { readonly behind: AppendOrder }> {
    const { stream, logStream, expectedRevision, held } = order;
    // Where the time for waiting is over, one look is all that is left.
    const places =
      answer.kind === 'unknown' ? this.#placeReader(this.#patience.whileOpening()) : this.#places;
    try {
      const place = await places.look(stream, logStream, expectedRevision + 1, held);
      if (place.kind === 'these') return { position: place.position };
      if (answer.kind === 'unknown') throw answer.failure;
      const said = answer.kind === 'refused' ? answer.actual : null;
      const actual = said ?? (await places.lastRevision(logStream));
      if (answer.kind === 'stored' && actual === expectedRevision) {
        throw recordCorrupt(this.#client.address, logStream, actual + 1, 'was acknowledged and is not there');
      }
      const { same } = place;
      if (attempts > 1 && order.turn === null && same > 0 && actual === expectedRevision + same) {
        return { behind: { ...order, expectedRevision: actual, held: held.slice(same) } };
      }
      throw wrongExpectedRevision(stream, expectedRevision, actual);
    } catch (error) {
      // The first failure says more than that reading failed as well.
      throw answer.kind === 'unknown' && !(error instanceof PawlError) ? answer.failure : error;
    }
  }

  #placeReader(patience: Patience): PlaceReader {
    return new PlaceReader(this.#client, patience, (position) => this.#floor.raise(position));
  }

  #mustBeBehind({ logStream, expectedRevision, held }: AppendOrder, revision: number): void {
    if (revision === expectedRevision + held.length) return;
    throw recordCorrupt(
      this.#client.address,
      logStream,
      expectedRevision + 1,
      'was acknowledged at another place',
    );
  }
}

import type { StreamName } from '../../../../kernel/brand.ts';
import type { Clock } from '../../../../kernel/clock.ts';
import { isPawlError } from '../../../../kernel/pawl-error.ts';
import type { AppendRequest, AppendResult, StoredRecord } from '../../../event-store.ts';
import type { LogClient } from '../log-client.ts';
import type { LedgerOrder } from '../order/ledger-order.ts';
import type { Patience } from '../patience.ts';
import type { StreamNames } from '../stream-names.ts';
import { wrongExpectedRevision } from './append-errors.ts';
import { type HeldRecord, holdRecords } from './held-record.ts';
import { RecordAppender } from './record-appender.ts';
import { SendingOrder, type SendingTurn } from './sending-order.ts';
import { StoredChecker } from './stored-checker.ts';
import { StreamGuard } from './stream-guard.ts';
import { StreamReader } from './stream-reader.ts';
import { StreamTurns } from './stream-turns.ts';

export interface RecordsParts {
  readonly client: LogClient;
  readonly patience: Patience;
  readonly clock: Clock;
  readonly names: StreamNames;
  readonly appendBytesMax: number;
  /** Null where the ledger was opened for streams alone. */
  readonly order: LedgerOrder | null;
  /** Makes sure that it is still the same ledger; throws when it is not. */
  readonly sameLedger: () => Promise<void>;
}

/** So long what was acknowledged is gathered before it is read back, where nobody waits for it. */
const gatherMs = 2_000;
/** Streams that are remembered as looked at. */
const touchedMax = 10_000;

/** The records of a ledger: what comes in, stream by stream, and how it is read back. */
export class EventstoreRecords {
  readonly #parts: RecordsParts;
  readonly #guard: StreamGuard;
  readonly #appender: RecordAppender;
  readonly #reader: StreamReader;
  readonly #checker: StoredChecker;
  readonly #touched = new Set<StreamName>();
  readonly #turns = new StreamTurns();
  /** Appends that somebody waits for. */
  #appending = 0;
  readonly #sending: SendingOrder;

  constructor(parts: RecordsParts) {
    const { client, patience, clock } = parts;
    this.#parts = parts;
    this.#sending = new SendingOrder(client.address);
    this.#guard = new StreamGuard(client, patience);
    this.#appender = new RecordAppender(client, patience);
    this.#reader = new StreamReader(client, patience, this.#guard);
    this.#checker = new StoredChecker(client, patience, clock, gatherMs, () => this.#appending > 0);
  }

  /** @throws PawlError `LEDGER_CORRUPT` once anything was not what had been acknowledged */
  mustHold(): void {
    this.#checker.mustHold();
  }

  /**
   * Takes the records over at once, and stores them behind `ready`.
   *
   * @throws PawlError those of `EventStore.append`; LogFailure
   */
  append(request: AppendRequest, ready: () => Promise<void>): Promise<AppendResult> {
    const { stream, expectedRevision, atPosition } = request;
    const held = holdRecords(stream, request.records, this.#parts.appendBytesMax);
    const work = { stream, expectedRevision, held, ready };
    if (atPosition === undefined) {
      // One after the other in each stream: what is asked for second builds on the first.
      const turn = this.#turns.run(stream, () => this.#write(work, null));
      return this.#placed(work, turn);
    }
    const turn = this.#sending.run((sending) =>
      this.#write({ ...work, ready: sending.before(ready) }, sending),
    );
    return this.#placed(work, turn);
  }

  async *read(stream: StreamName, fromRevision: number): AsyncGenerator<StoredRecord> {
    const logStream = this.#parts.names.records(stream);
    for await (const page of this.#reader.pages(stream, logStream, fromRevision)) {
      const leaves = page.map(({ leaf }) => leaf);
      const positions = await this.#positions(stream, page[0]?.revision ?? 0, leaves);
      for (const [index, record] of page.entries()) {
        yield positions === null ? record : { ...record, position: positions[index] as number };
      }
    }
  }

  /** @throws PawlError `STREAM_TRUNCATED`; LogFailure */
  async lastRevision(stream: StreamName): Promise<number> {
    const logStream = this.#parts.names.records(stream);
    const [last] = await Promise.all([this.#appender.lastRevision(logStream), this.#guard.check(logStream)]);
    return last;
  }

  /** Reads back all that was acknowledged. @throws PawlError `LEDGER_CORRUPT`; LogFailure */
  finish(): Promise<void> {
    return this.#checker.finish();
  }

  async #write({ stream, expectedRevision, held, ready }: Work, turn: SendingTurn | null): Promise<boolean> {
    const logStream = this.#parts.names.records(stream);
    await Promise.all([this.#guard.check(logStream), this.#touch(stream), ready()]);
    if (held.length === 0) {
      turn?.done();
      const actual = await this.#appender.lastRevision(logStream);
      if (actual !== expectedRevision) throw wrongExpectedRevision(stream, expectedRevision, actual);
      return false;
    }
    try {
      return await this.#appender.append({ stream, logStream, expectedRevision, held, turn });
    } catch (error) {
      // A stream that is shorter than its writer knows it may be one of another ledger.
      if (
        isPawlError(error, 'WRONG_EXPECTED_REVISION') &&
        Number(error.context['actual']) < expectedRevision
      ) {
        await this.#parts.sameLedger();
      }
      throw error;
    }
  }

  /**
   * Looks at a stream before it is written for the first time, so that a repetition of what another process stored is told from a
   * first time. A worker, to whom that makes no difference, saves itself the question.
   */
  async #touch(stream: StreamName): Promise<void> {
    if (this.#parts.order === null || this.#touched.has(stream)) return;
    await this.#appender.lastRevision(this.#parts.names.records(stream));
    this.#touched.add(stream);
    const [oldest] = this.#touched;
    if (this.#touched.size > touchedMax) this.#touched.delete(oldest as StreamName);
  }

  async #placed({ stream, expectedRevision, held }: Work, written: Promise<boolean>): Promise<AppendResult> {
    this.#appending += 1;
    const repeated = await written.finally(() => {
      this.#appending -= 1;
    });
    const lastRevision = expectedRevision + held.length;
    const leaves = held.map(({ leaf }) => leaf);
    const placed = await this.#positions(stream, expectedRevision + 1, leaves);
    if (placed !== null) return { positions: placed, lastRevision, repeated };
    await this.#checker.expect(this.#parts.names.records(stream), expectedRevision + 1, leaves);
    return { positions: held.map(() => -1), lastRevision, repeated };
  }

  async #positions(
    stream: StreamName,
    firstRevision: number,
    leaves: readonly Uint8Array[],
  ): Promise<readonly number[] | null> {
    const { order } = this.#parts;
    if (order === null) return null;
    return leaves.length === 0 ? [] : order.placed(stream, firstRevision, leaves);
  }
}

interface Work {
  readonly stream: StreamName;
  readonly expectedRevision: number;
  readonly held: readonly HeldRecord[];
  readonly ready: () => Promise<void>;
}

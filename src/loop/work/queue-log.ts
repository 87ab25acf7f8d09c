import type { PawlEvent } from '../../events/catalogue.ts';
import type { EventDraft } from '../../events/record.ts';
import type { Clock } from '../../kernel/clock.ts';
import { isPawlError, PawlError } from '../../kernel/pawl-error.ts';
import type { NewBlob } from '../../ledger/event-store.ts';
import type { Ledger, WriterContext } from '../../ledger/ledger.ts';
import { appendSurely } from '../append-surely.ts';
import { emptyQueue, evolveQueue, type QueueState } from './queue-state.ts';
import { queueStream } from './work-streams.ts';

/** So often others may be faster before something is wrong; each time, one of them got what it wanted. */
const movesMax = 1000;

export interface QueueLogServices {
  readonly ledger: Ledger;
  readonly writer: WriterContext;
  readonly clock: Clock;
}

/** The queue's stream as one process follows it: read on from where it was, appended to by many at once. */
export class QueueLog {
  readonly #services: QueueLogServices;
  #revision = -1;
  #state = emptyQueue;

  constructor(services: QueueLogServices) {
    this.#services = services;
  }

  /** As of the last `refresh` or `append`. */
  get state(): QueueState {
    return this.#state;
  }

  /** Reads what came since, and gives the queue as it is now. */
  async refresh(): Promise<QueueState> {
    for await (const event of this.#services.ledger.readStream(queueStream, this.#revision + 1)) {
      this.#state = evolveQueue(this.#state, event);
      this.#revision = event.revision;
    }
    return this.#state;
  }

  /**
   * Appends what `decide` makes of the queue as it is; asked again whenever somebody else was faster. Nothing is appended where
   * it gives nothing.
   *
   * @throws PawlError what the ledger throws; the signal's reason
   */
  async append(
    decide: (state: QueueState) => readonly PawlEvent[],
    blobs: readonly NewBlob[],
    signal: AbortSignal,
  ): Promise<void> {
    const { ledger, writer, clock } = this.#services;
    for (let moves = 0; moves < movesMax; moves += 1) {
      const drafts: EventDraft[] = decide(await this.refresh()).map((event) =>
        ledger.draft(event, writer, null),
      );
      if (drafts.length === 0) return;
      try {
        await appendSurely(ledger, queueStream, this.#revision, drafts, blobs, { clock, signal });
        await this.refresh();
        return;
      } catch (error) {
        if (!isPawlError(error, 'WRONG_EXPECTED_REVISION')) throw error;
      }
    }
    throw new PawlError(
      'WRONG_EXPECTED_REVISION',
      `${queueStream} was written by others ${movesMax} times in a row. Try again.`,
    );
  }
}

import { PawlError } from '../../../../kernel/pawl-error.ts';

/** What one of several appends that keep their order is given. */
export interface SendingTurn {
  /** Waits for what has to be done before, and then until everybody in front is on the way. */
  before(ready: () => Promise<void>): () => Promise<void>;
  /**
   * Asked right before it is sent.
   *
   * @throws PawlError `LEDGER_UNREACHABLE` when one that was under way beside it has failed: what is sent now could be stored,
   * and the other one not
   */
  mayGo(): void;
  /** It is on its way: the next one may follow. */
  done(): void;
  /** It failed, or nobody knows: nothing more is sent until all that were asked for have come to an end. */
  failed(): void;
}

/**
 * Lets actions send in the order in which they were asked for, without waiting for each other's answers. The first has to be
 * answered before the second is sent, because it may find no connection yet, and what waits for one leaves in no certain order.
 */
export class SendingOrder {
  readonly #address: string;
  #last: Promise<void> = Promise.resolve();
  #first = true;
  #underWay = 0;
  #failed = false;

  constructor(address: string) {
    this.#address = address;
  }

  async run<Result>(action: (turn: SendingTurn) => Promise<Result>): Promise<Result> {
    const front = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    const isFirst = this.#first;
    this.#first = false;
    this.#underWay += 1;
    const failed = (): void => {
      this.#failed = true;
    };
    try {
      return await action({
        before: (ready) => async () => {
          await ready();
          await front;
        },
        mayGo: () => {
          if (this.#failed) throw notSent(this.#address);
        },
        // Not before all messages of this one are written, which takes the library some turns.
        done: () => {
          if (!isFirst) setImmediate(resolve);
        },
        failed,
      });
    } catch (error) {
      failed();
      throw error;
    } finally {
      resolve();
      this.#ended();
    }
  }

  /** Whoever asks again when all have come to an end knows what was stored, and finds a connection that may be new. */
  #ended(): void {
    this.#underWay -= 1;
    if (this.#underWay > 0 || !this.#failed) return;
    this.#failed = false;
    this.#first = true;
  }
}

function notSent(address: string): PawlError {
  return new PawlError(
    'LEDGER_UNREACHABLE',
    `Not sent to ${address}, because one that was sent before it failed; read what is stored, and go on behind it.`,
    { context: { address } },
  );
}

/** What one of several appends that keep their order is given. */
export interface SendingTurn {
  /** Waits for what has to be done before, and then until everybody in front is on the way. */
  before(ready: () => Promise<void>): () => Promise<void>;
  /** It is on its way: the next one may follow. */
  done(): void;
}

/**
 * Lets actions send in the order in which they were asked for, without waiting for each other's answers. The first has to be
 * answered before the second is sent, because it may find no connection yet, and what waits for one leaves in no certain order.
 */
export class SendingOrder {
  #last: Promise<void> = Promise.resolve();
  #first = true;

  async run<Result>(action: (turn: SendingTurn) => Promise<Result>): Promise<Result> {
    const front = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    const isFirst = this.#first;
    this.#first = false;
    try {
      return await action({
        before: (ready) => async () => {
          await ready();
          await front;
        },
        // Not before all messages of this one are written, which takes the library some turns.
        done: () => {
          if (!isFirst) setImmediate(resolve);
        },
      });
    } finally {
      resolve();
    }
  }
}

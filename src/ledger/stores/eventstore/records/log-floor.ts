import type { LogPosition } from '../log-client.ts';

/**
 * The highest place in the log that is known to be written. What an append stores comes to lie above the floor of the moment it
 * was sent; what the server finds already there, at or below it. That is how a repetition is told from a first time, for which
 * the server has one and the same answer.
 */
export class LogFloor {
  #commit = -1n;

  get commit(): bigint {
    return this.#commit;
  }

  raise(position: LogPosition | null): void {
    if (position !== null && position.commit > this.#commit) this.#commit = position.commit;
  }
}

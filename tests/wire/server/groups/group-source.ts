import type { Database } from '../database.ts';
import type { EventFilter } from '../event-filter.ts';
import { logIndex } from '../read-all.ts';
import type { StoredEvent } from '../stored-event.ts';
import { firstVisible } from '../stream-state.ts';

/** The events of a group's stream, or of the log, one after the other. A place is a revision or a position. */
export class GroupSource {
  readonly #database: Database;
  /** Null: the log. */
  readonly #stream: string | null;
  readonly #wanted: EventFilter;
  #next: number;

  constructor(database: Database, stream: string | null, wanted: EventFilter, from: number | 'end') {
    this.#database = database;
    this.#stream = stream;
    this.#wanted = wanted;
    if (from === 'end') this.#next = this.#events().length;
    else this.#next = stream === null ? logIndex(database.log, from) : from;
  }

  placeOf(event: StoredEvent): number {
    return this.#stream === null ? event.position : event.revision;
  }

  /** Goes on with the event behind a place. */
  goBehind(place: number): void {
    this.#next = this.#stream === null ? logIndex(this.#database.log, place + 1) : place + 1;
  }

  /** The next event that is wanted, without taking it; null when there is none yet. */
  peek(): StoredEvent | null {
    const events = this.#events();
    if (this.#stream !== null) {
      const state = this.#database.stream(this.#stream);
      if (state !== undefined) this.#next = Math.max(this.#next, firstVisible(state, Date.now()));
    }
    for (; this.#next < events.length; this.#next++) {
      const event = events[this.#next];
      if (event !== null && event !== undefined && this.#wanted(event)) return event;
    }
    return null;
  }

  next(): void {
    this.#next++;
  }

  /** Place of the newest event there is; null without any. */
  lastKnown(): number | null {
    const event = this.#events().at(-1);
    return event === null || event === undefined ? null : this.placeOf(event);
  }

  #events(): readonly (StoredEvent | null)[] {
    if (this.#stream === null) return this.#database.log;
    return this.#database.stream(this.#stream)?.events ?? [];
  }
}

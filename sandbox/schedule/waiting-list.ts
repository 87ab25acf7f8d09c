/** A place in a `WaitingList`; what is in no list has neither neighbour nor list. */
export interface Place<Self> {
  before: Self | null;
  after: Self | null;
}

/** First in, first out, where whatever waits can also leave from the middle or come back to the front: all in constant time. */
export class WaitingList<Entry extends Place<Entry>> {
  #first: Entry | null = null;
  #last: Entry | null = null;

  get first(): Entry | null {
    return this.#first;
  }

  append(entry: Entry): void {
    entry.before = this.#last;
    entry.after = null;
    if (this.#last === null) this.#first = entry;
    else this.#last.after = entry;
    this.#last = entry;
  }

  prepend(entry: Entry): void {
    entry.before = null;
    entry.after = this.#first;
    if (this.#first === null) this.#last = entry;
    else this.#first.before = entry;
    this.#first = entry;
  }

  /** Only for what is in this list. */
  remove(entry: Entry): void {
    const { before, after } = entry;
    if (before === null) this.#first = after;
    else before.after = after;
    if (after === null) this.#last = before;
    else after.before = before;
    entry.before = null;
    entry.after = null;
  }
}

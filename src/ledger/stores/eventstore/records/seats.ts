/** At most so many at once; the others wait in the order in which they came. */
export class Seats {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(countMax: number) {
    this.#free = countMax;
  }

  async run<Result>(action: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((seated) => this.#waiting.push(seated));
    try {
      return await action();
    } finally {
      const next = this.#waiting.shift();
      // Whoever waits longest gets the seat itself, so that nobody who comes now can take it first.
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

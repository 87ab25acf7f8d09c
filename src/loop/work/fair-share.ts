import type { StreamName } from '../../kernel/brand.ts';

/**
 * Which run a worker looks at first: the one of which it took the fewest episodes while that run was there to be taken from. A
 * newcomer starts level with the run that has the least, so that it neither waits behind nor starves the others.
 */
export class FairShare {
  readonly #taken = new Map<StreamName, number>();

  /** The runs in the order to be tried; among equals, as they are given. Runs that are not among them are forgotten. */
  order(runs: readonly StreamName[]): readonly StreamName[] {
    const present = new Set(runs);
    for (const run of this.#taken.keys()) if (!present.has(run)) this.#taken.delete(run);
    const least = Math.min(...this.#taken.values());
    for (const run of runs) if (!this.#taken.has(run)) this.#taken.set(run, least === Infinity ? 0 : least);
    return runs.toSorted((left, right) => this.#of(left) - this.#of(right));
  }

  /** An episode of this run was taken. */
  took(run: StreamName): void {
    this.#taken.set(run, this.#of(run) + 1);
  }

  /** There is nothing to be had of it for now: what it did not use meanwhile, it does not catch up with later. */
  missed(run: StreamName): void {
    const most = Math.max(...this.#taken.values());
    if (this.#taken.has(run)) this.#taken.set(run, most);
  }

  #of(run: StreamName): number {
    return this.#taken.get(run) ?? 0;
  }
}

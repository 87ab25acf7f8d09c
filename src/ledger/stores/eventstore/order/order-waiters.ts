import type { StreamName } from '../../../../kernel/brand.ts';
import type { PawlError } from '../../../../kernel/pawl-error.ts';
import type { LogPosition } from '../log-client.ts';
import { comparePositions } from './compare-positions.ts';

interface Waiter {
  resolve(): void;
  reject(error: PawlError): void;
}

/** Who waits for a record to be placed, or for a place of the log to be passed. */
export class OrderWaiters {
  readonly #records = new Map<string, Waiter[]>();
  #places: (Waiter & { readonly at: LogPosition })[] = [];

  get isEmpty(): boolean {
    return this.#records.size === 0 && this.#places.length === 0;
  }

  /** The furthest place that is waited for. */
  get furthest(): LogPosition | null {
    return this.#places.reduce<LogPosition | null>(
      (furthest, { at }) => (comparePositions(at, furthest) > 0 ? at : furthest),
      null,
    );
  }

  untilRecord(stream: StreamName, revision: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const key = keyOf(stream, revision);
      const waiting = this.#records.get(key);
      if (waiting === undefined) this.#records.set(key, [{ resolve, reject }]);
      else waiting.push({ resolve, reject });
    });
  }

  untilPassed(at: LogPosition): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#places.push({ at, resolve, reject });
    });
  }

  recordCame(stream: StreamName, revision: number): void {
    if (this.#records.size === 0) return;
    const key = keyOf(stream, revision);
    for (const waiter of this.#records.get(key) ?? []) waiter.resolve();
    this.#records.delete(key);
  }

  passed(through: LogPosition | null): void {
    if (this.#places.length === 0) return;
    const isPassed = ({ at }: { readonly at: LogPosition }): boolean => comparePositions(at, through) <= 0;
    for (const waiter of this.#places.filter(isPassed)) waiter.resolve();
    this.#places = this.#places.filter((waiter) => !isPassed(waiter));
  }

  fail(error: PawlError): void {
    const all = [...this.#records.values()].flat();
    all.push(...this.#places);
    this.#records.clear();
    this.#places = [];
    for (const waiter of all) waiter.reject(error);
  }
}

function keyOf(stream: StreamName, revision: number): string {
  return `${revision}@${stream}`;
}

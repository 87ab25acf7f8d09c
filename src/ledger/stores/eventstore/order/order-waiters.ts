import type { StreamName } from '../../../../kernel/brand.ts';
import type { PawlError } from '../../../../kernel/pawl-error.ts';
import type { LogPosition } from '../log-client.ts';
import { comparePositions } from './compare-positions.ts';

interface Waiter {
  resolve(): void;
  reject(error: PawlError): void;
}

interface AwaitedRecord {
  readonly stream: StreamName;
  readonly revision: number;
  /** When the first began to wait. */
  readonly sinceMs: number;
  readonly waiters: Waiter[];
}

/** Who waits for a record to be placed, or for a place of the log to be passed. */
export class OrderWaiters {
  readonly #records = new Map<string, AwaitedRecord>();
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

  /** The record that is waited for longest. */
  get oldestRecord(): Omit<AwaitedRecord, 'waiters'> | null {
    const [oldest] = this.#records.values();
    return oldest ?? null;
  }

  untilRecord(stream: StreamName, revision: number, nowMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const key = keyOf(stream, revision);
      const awaited = this.#records.get(key) ?? { stream, revision, sinceMs: nowMs, waiters: [] };
      awaited.waiters.push({ resolve, reject });
      this.#records.set(key, awaited);
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
    for (const waiter of this.#records.get(key)?.waiters ?? []) waiter.resolve();
    this.#records.delete(key);
  }

  passed(through: LogPosition | null): void {
    if (this.#places.length === 0) return;
    const isPassed = ({ at }: { readonly at: LogPosition }): boolean => comparePositions(at, through) <= 0;
    for (const waiter of this.#places.filter(isPassed)) waiter.resolve();
    this.#places = this.#places.filter((waiter) => !isPassed(waiter));
  }

  fail(error: PawlError): void {
    const all = [...this.#records.values()].flatMap(({ waiters }) => waiters);
    all.push(...this.#places);
    this.#records.clear();
    this.#places = [];
    for (const waiter of all) waiter.reject(error);
  }
}

function keyOf(stream: StreamName, revision: number): string {
  return `${revision}@${stream}`;
}

import type { EventQueue } from './event-queue.ts';

/** So many servers and one line before them: first come, first served. Times in milliseconds. */
export class Station {
  readonly name: string;
  readonly #servers: number;
  readonly #queue: EventQueue;
  readonly #waiting: { readonly serviceMs: number; readonly done: (at: number) => void }[] = [];
  #busy = 0;
  #head = 0;
  /** Time that its servers have worked, added up. */
  busyMs = 0;
  served = 0;

  constructor(name: string, servers: number, queue: EventQueue) {
    this.name = name;
    this.#servers = servers;
    this.#queue = queue;
  }

  /** Calls `done` with the time at which the service is over. */
  ask(now: number, serviceMs: number, done: (at: number) => void): void {
    if (this.#busy < this.#servers) this.#serve(now, serviceMs, done);
    else this.#waiting.push({ serviceMs, done });
  }

  /** The share of its time that it worked, between 0 and 1. */
  utilization(durationMs: number): number {
    return this.busyMs / (this.#servers * durationMs);
  }

  #serve(now: number, serviceMs: number, done: (at: number) => void): void {
    this.#busy += 1;
    this.busyMs += serviceMs;
    this.#queue.plan(now + serviceMs, () => {
      this.#busy -= 1;
      this.served += 1;
      this.#next(now + serviceMs);
      done(now + serviceMs);
    });
  }

  #next(now: number): void {
    const next = this.#waiting[this.#head];
    if (next === undefined) return;
    this.#head += 1;
    // What has been served is dropped now and then, so that a long line does not keep its past.
    if (this.#head > 4096) {
      this.#waiting.splice(0, this.#head);
      this.#head = 0;
    }
    this.#serve(now, next.serviceMs, next.done);
  }
}

import type { Clock } from '../kernel/clock.ts';

/** setTimeout takes no longer delay than this; a longer budget is not enforced within one session. */
const delayMsMax = 2 ** 31 - 1;

/** Watches a run's wall time over its sessions. It only raises a signal; what follows from it is recorded as an event. */
export class WallTimer {
  readonly #clock: Clock;
  readonly #limitMs: number | null;
  readonly #out = new AbortController();
  #startMs = 0;
  #beforeMs = 0;
  #timeout: NodeJS.Timeout | undefined;

  constructor(clock: Clock, limitMs: number | null) {
    this.#clock = clock;
    this.#limitMs = limitMs;
  }

  /** Aborted when the time is spent. */
  get signal(): AbortSignal {
    return this.#out.signal;
  }

  start(beforeMs: number): void {
    this.#startMs = this.#clock.monotonic();
    this.#beforeMs = beforeMs;
    if (this.#limitMs === null) return;
    const leftMs = this.#limitMs - beforeMs;
    // Not in a later turn: nothing may be started with no time left.
    if (leftMs <= 0) this.#out.abort();
    else this.#timeout = setTimeout(() => this.#out.abort(), Math.min(leftMs, delayMsMax));
  }

  stop(): void {
    clearTimeout(this.#timeout);
  }

  sessionMs(): number {
    return this.#clock.monotonic() - this.#startMs;
  }

  /** Milliseconds, as a `BudgetExhausted` event states them. */
  reading(): { readonly limit: number; readonly spent: number } {
    const limit = this.#limitMs ?? 0;
    return { limit, spent: Math.max(limit, Math.round(this.#beforeMs + this.sessionMs())) };
  }
}

import type { Clock } from '../../../src/kernel/clock.ts';

interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
  readonly #sleepers = new Set<Sleeper>();
  #ms = 0;

  now(): number {
    return 1_000_000 + this.#ms;
  }

  monotonic(): number {
    return this.#ms;
  }

  sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const sleeper = { untilMs: this.#ms + durationMs, wake: resolve };
      this.#sleepers.add(sleeper);
      const onAbort = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** How long each sleeper still sleeps, milliseconds, the shortest first. */
  get sleeping(): readonly number[] {
    return [...this.#sleepers].map(({ untilMs }) => untilMs - this.#ms).sort((left, right) => left - right);
  }

  /** Moves on, waking whoever slept until then in order of time. What they do next is done by the next turn. */
  advance(durationMs: number): void {
    const untilMs = this.#ms + durationMs;
    const due = [...this.#sleepers].filter((sleeper) => sleeper.untilMs <= untilMs);
    for (const sleeper of due.sort((left, right) => left.untilMs - right.untilMs)) {
      this.#ms = sleeper.untilMs;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
    this.#ms = untilMs;
  }
}

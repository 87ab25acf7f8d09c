import type { Clock } from '../../../kernel/clock.ts';
import type { Random } from '../../../kernel/random.ts';
import { backoffMs } from './backoff-ms.ts';
import { failedAs } from './ledger-failure.ts';
import type { LogFailureKind } from './log-client.ts';

/** How long is waited for a server, and how it is asked again. */
export interface EventstoreTimings {
  /** Time limit of one call. */
  readonly callTimeoutMs: number;
  /** How long a call is tried again while the server does not answer. */
  readonly patienceMs: number;
  /** The same while opening, when a wrong address is likelier than a server that is down for a moment. */
  readonly openPatienceMs: number;
  readonly pauseMsMin: number;
  readonly pauseMsMax: number;
}

export const usualTimings: Omit<EventstoreTimings, 'callTimeoutMs'> = {
  patienceMs: 60_000,
  openPatienceMs: 3_000,
  pauseMsMin: 25,
  pauseMsMax: 2_000,
};

/** Failures after which nobody knows whether something was stored, or that the next moment may mend. */
const passing: readonly LogFailureKind[] = ['timeout', 'unreachable', 'other', 'not this protocol'];

const never = new AbortController().signal;

/** Tries again, with pauses that grow and are spread by chance, for a bounded time. */
export class Patience {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #timings: EventstoreTimings;

  constructor(clock: Clock, random: Random, timings: EventstoreTimings) {
    this.#clock = clock;
    this.#random = random;
    this.#timings = timings;
  }

  get callTimeoutMs(): number {
    return this.#timings.callTimeoutMs;
  }

  /** The same for the time of opening, when an answer in another language is an answer. */
  whileOpening(): Patience {
    return new Patience(this.#clock, this.#random, {
      ...this.#timings,
      patienceMs: this.#timings.openPatienceMs,
    });
  }

  /** True where asking again may help. */
  passes(error: unknown): boolean {
    return mayPass(error);
  }

  /** For something that may be done twice: a read, an append with an exact revision. Throws what was thrown last. */
  async retry<Result>(action: (attempt: number) => Promise<Result>): Promise<Result> {
    const start = this.#clock.monotonic();
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await action(attempt);
      } catch (error) {
        const left = start + this.#timings.patienceMs - this.#clock.monotonic();
        if (!this.passes(error) || left <= 0) throw error;
        await this.#clock.sleep(Math.min(left, this.#pauseMs(attempt)), never);
      }
    }
  }

  #pauseMs(attempt: number): number {
    const { pauseMsMin: minMs, pauseMsMax: maxMs } = this.#timings;
    return backoffMs(attempt, { minMs, maxMs }, this.#random);
  }
}

/** Whether the same call may succeed a little later. */
export function mayPass(error: unknown): boolean {
  return failedAs(error, ...passing);
}

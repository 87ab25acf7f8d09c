import type { Clock } from '../../../../kernel/clock.ts';
import type { PawlError } from '../../../../kernel/pawl-error.ts';
import type { Random } from '../../../../kernel/random.ts';
import { backoffMs } from '../backoff-ms.ts';
import { mayPass } from '../patience.ts';

/** What bears with a server that fails for a while, as `Patience` does for single calls, but counted from the last progress. */
export interface Bearing {
  readonly clock: Clock;
  readonly random: Random;
  /** How long failures that may pass are borne, counted from the last sign of progress. */
  readonly patienceMs: number;
  readonly coded: (error: unknown) => PawlError;
}

const pauses = { minMs: 50, maxMs: 5_000 };

/** Attempts at something that may fail for a while, further and further apart, and not in step with those of others. */
export class Retrying {
  readonly #patience: Bearing;
  readonly #signal: AbortSignal;
  #failures = 0;
  #sinceMs: number;

  constructor(patience: Bearing, signal: AbortSignal) {
    this.#patience = patience;
    this.#signal = signal;
    this.#sinceMs = patience.clock.monotonic();
  }

  progressed(): void {
    this.#failures = 0;
    this.#sinceMs = this.#patience.clock.monotonic();
  }

  /** True when no further attempt is due: it lasted too long, or waiting does not help. */
  isHopeless(error: unknown): boolean {
    if (!mayPass(error)) return true;
    return this.#patience.clock.monotonic() - this.#sinceMs >= this.#patience.patienceMs;
  }

  /** Waits until the next attempt is due. Rejects with the signal's reason when that is aborted. */
  async pause(): Promise<void> {
    const { clock, random } = this.#patience;
    const pauseMs = backoffMs(this.#failures, pauses, random);
    this.#failures += 1;
    await clock.sleep(Math.ceil(pauseMs), this.#signal);
  }

  /**
   * The result of the first attempt that succeeds.
   *
   * @throws PawlError of `coded`, once there is no hope
   */
  async run<Result>(action: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        const result = await action();
        this.progressed();
        return result;
      } catch (error) {
        if (this.isHopeless(error)) throw this.#patience.coded(error);
        await this.pause();
      }
    }
  }
}

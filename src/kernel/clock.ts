import { setTimeout } from 'node:timers/promises';

/** Where recorded time comes from. Nothing is ever decided from it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds from an arbitrary origin, never going back; for durations only. */
  monotonic(): number;
  /** Waits; rejects with the signal's reason when that is aborted first. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(durationMs, signal) {
    signal.throwIfAborted();
    try {
      await setTimeout(durationMs, undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  },
};

/** A clock for tests: starts at `startMs`, every reading of it advances by `stepMs`, and sleeping takes no real time. */
export function steppingClock(startMs: number, stepMs: number): Clock {
  let now = startMs - stepMs;
  let monotonic = -stepMs;
  return {
    now: () => {
      now += stepMs;
      return now;
    },
    monotonic: () => {
      monotonic += stepMs;
      return monotonic;
    },
    async sleep(durationMs, signal) {
      signal.throwIfAborted();
      now += durationMs;
      monotonic += durationMs;
    },
  };
}

/** Where recorded time comes from. Nothing is ever decided from it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds from an arbitrary origin, never going back; for durations only. */
  monotonic(): number;
}

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

/** A clock for tests: starts at `startMs`, and every reading of it advances by `stepMs`. */
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
  };
}

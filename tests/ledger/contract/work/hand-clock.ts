import type { Clock } from '../../../../src/kernel/clock.ts';

/** A clock that moves when it is told to. */
export interface HandClock extends Clock {
  advance(durationMs: number): void;
}

/** @param offsetMs how far it is from other clocks: what it shows, and where its monotonic readings begin */
export function handClock(offsetMs: number): HandClock {
  let passedMs = 0;
  return {
    now: () => 1_800_000_000_000 + offsetMs + passedMs,
    monotonic: () => offsetMs + passedMs,
    async sleep() {
      throw new Error('nothing that is tested here sleeps by this clock');
    },
    advance(durationMs) {
      passedMs += durationMs;
    },
  };
}

import { monotonicFactory } from 'ulid';
import type { EventId } from './brand.ts';
import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

/** Makes ULIDs that sort in the order they were made. */
export interface IdSource {
  next(): EventId;
}

/**
 * @param random a number in [0, 1) per call; pass a seeded one for reproducible ids, `Math.random`-like entropy otherwise
 */
export function ulidSource(clock: Clock, random: () => number): IdSource {
  const make = monotonicFactory(random);
  // The library takes a time of 0 for "none given" and reads the system clock.
  return { next: () => make(Math.max(1, clock.now())) as EventId };
}

/** Ids from a seeded generator: the same seed and clock give the same ids. */
export function seededIdSource(clock: Clock, random: Random): IdSource {
  return ulidSource(clock, () => random.float());
}

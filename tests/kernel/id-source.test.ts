import fc from 'fast-check';
import { expect, test } from 'vitest';
import { steppingClock } from '../../src/kernel/clock.ts';
import { seededIdSource, ulidSource } from '../../src/kernel/id-source.ts';
import { seededRandom } from '../../src/kernel/random.ts';

test('makes ULIDs that rise, within one millisecond and when the clock goes back', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 2 }), (seed, steps) => {
      let now = 1_750_000_000_000;
      const clock = { ...steppingClock(0, 0), now: () => now };
      const ids = seededIdSource(clock, seededRandom(seed));
      let last = '';
      for (const step of steps) {
        now += step;
        const id = ids.next();
        expect(id).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
        expect(id > last).toBe(true);
        last = id;
      }
    }),
  );
});

test('gives the same ids for the same seed and clock, and others for another seed', () => {
  const make = (seed: string): string[] => {
    const ids = seededIdSource(steppingClock(1_750_000_000_000, 3), seededRandom(seed));
    return Array.from({ length: 5 }, () => ids.next());
  };
  expect(make('a')).toEqual(make('a'));
  expect(make('a')).not.toEqual(make('b'));
});

test('writes the time into the first ten characters', () => {
  const ids = ulidSource(steppingClock(31, 1), () => 0.5);
  expect(ids.next()).toMatch(/^000000000Z/);
  expect(ids.next()).toMatch(/^0000000010/);
});

test('reads no clock but the one it was given, also at the epoch', () => {
  expect(ulidSource(steppingClock(0, 1), () => 0.5).next()).toMatch(/^0000000001/);
});

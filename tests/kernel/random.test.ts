import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';

test('draws the same from the same seed, and this for ever', () => {
  const draws = (seed: string): number[] => {
    const random = seededRandom(seed);
    return Array.from({ length: 8 }, () => random.int(0, 999));
  };
  expect(draws('pawl')).toMatchInlineSnapshot(`
    [
      483,
      784,
      570,
      834,
      794,
      230,
      356,
      678,
    ]
  `);
  expect(draws('pawl')).toEqual(draws('pawl'));
  expect(draws('pawl')).not.toEqual(draws('pawm'));
});

test('stays within its bounds', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: -50, max: 50 }), fc.nat(100), (seed, min, span) => {
      const random = seededRandom(seed);
      for (let draw = 0; draw < 20; draw += 1) {
        const value = random.int(min, min + span);
        expect(Number.isInteger(value) && value >= min && value <= min + span).toBe(true);
        const fraction = random.float();
        expect(fraction >= 0 && fraction < 1).toBe(true);
      }
    }),
  );
});

test('draws integers and fractions uniformly', () => {
  const random = seededRandom('uniform');
  const counts = Array.from({ length: 10 }, () => 0);
  const draws = 20_000;
  let sum = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    const value = random.int(0, 9);
    counts[value] = (counts[value] ?? 0) + 1;
    sum += random.float();
  }
  // Chi-squared with 9 degrees of freedom exceeds 27.88 once in a thousand seeds; this seed is fixed.
  const chiSquared = counts.reduce((total, count) => total + (count - draws / 10) ** 2 / (draws / 10), 0);
  expect(chiSquared).toBeLessThan(27.88);
  // The mean of 20,000 uniform draws has a standard deviation of 0.00204.
  expect(Math.abs(sum / draws - 0.5)).toBeLessThan(0.0082);
});

test('picks from the list and shuffles without loss, leaving the list alone', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.nat(), { minLength: 1 }), (seed, items) => {
      const random = seededRandom(seed);
      const before = [...items];
      expect(items).toContain(random.pick(items));
      const shuffled = random.shuffle(items);
      expect(items).toEqual(before);
      expect([...shuffled].sort((left, right) => left - right)).toEqual(
        before.sort((left, right) => left - right),
      );
    }),
  );
});

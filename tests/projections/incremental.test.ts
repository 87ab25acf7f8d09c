import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projections } from '../../projections/catalogue.ts';
import { fold, stateHash } from '../../projections/projection.ts';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import { deepFreeze } from '../support/deep-freeze.ts';
import { withAmbientForbidden } from '../support/with-ambient-forbidden.ts';
import { type HistoryOptions, type RandomHistory, randomHistory } from './random-history.ts';

const histories: fc.Arbitrary<HistoryOptions> = fc.record({
  seed: fc.string({ minLength: 1, maxLength: 8 }),
  ids: fc.string({ maxLength: 8 }),
  delays: fc.string({ maxLength: 8 }),
  concurrency: fc.integer({ min: 1, max: 3 }),
  interruptions: fc.array(
    fc.record({ after: fc.integer({ min: 1, max: 30 }), how: fc.constantFrom('die', 'pause') }),
    { maxLength: 2 },
  ),
});

/** Every projection over histories that the loop itself wrote. */
function law(numRuns: number, holds: (history: RandomHistory) => void): Promise<void> {
  return fc.assert(
    fc.asyncProperty(histories, async (options) => {
      const history = await randomHistory(options);
      deepFreeze(history.events);
      holds(history);
    }),
    { numRuns },
  );
}

describe('folding on from any point', () => {
  it('gives the bytes of a fold from the beginning, for every projection and every split', async () => {
    await law(12, ({ events }) => {
      for (const projection of projections) {
        const whole = canonicalJson(withAmbientForbidden(() => fold(projection, events)));
        let before = projection.initialState();
        for (let split = 0; split <= events.length; split += 1) {
          const snapshot = JSON.parse(canonicalJson(before));
          const continued = fold(projection, events.slice(split), snapshot);
          if (canonicalJson(continued) !== whole)
            expect(canonicalJson(continued), `split ${split}`).toBe(whole);
          before = fold(projection, events.slice(split, split + 1), before);
        }
      }
    });
  });

  it('gives the same hash whatever the sizes of the batches', async () => {
    await law(30, ({ events }) => {
      for (const projection of projections) {
        const whole = stateHash(projection, fold(projection, events));
        for (const size of [1, 2, 7, 64]) {
          let state = projection.initialState();
          for (let from = 0; from < events.length; from += size)
            state = fold(projection, events.slice(from, from + size), state);
          expect(stateHash(projection, state)).toBe(whole);
        }
      }
    });
  });

  it('leaves the events as they were, and two folds side by side share nothing', async () => {
    await law(10, ({ events }) => {
      for (const projection of projections) {
        const half = events.slice(0, events.length / 2);
        const first = fold(projection, half);
        const text = canonicalJson(first);
        fold(projection, events);
        expect(canonicalJson(first)).toBe(text);
      }
    });
  });

  it('does not depend on how the streams of different episodes lie between each other', async () => {
    await law(20, ({ events }) => {
      const streams = new Map<string, AnyRecordedEvent[]>();
      for (const event of events) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
      // The order of first records is kept, because a run's start names its episodes.
      const oneAfterTheOther = [...streams.values()].flat();
      for (const projection of projections)
        expect(stateHash(projection, fold(projection, oneAfterTheOther))).toBe(
          stateHash(projection, fold(projection, events)),
        );
    });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FinishedExecution } from '../../src/scorers/scorer.ts';
import { testsScorer } from '../../src/scorers/tests-scorer.ts';
import { executed, key } from '../strategies/episode-events.ts';
import { deepFreeze } from '../support/deep-freeze.ts';
import { withAmbientForbidden } from '../support/with-ambient-forbidden.ts';

const execution = (passed: number, total: number): FinishedExecution =>
  deepFreeze(executed(key(0), 'a', passed, total).data as FinishedExecution);
const score = (passed: number, total: number) =>
  withAmbientForbidden(() => testsScorer.score(execution(passed, total)));

describe('the tests scorer', () => {
  it('is the share of public tests that passed, with what it is made of', () => {
    expect(score(3, 4)).toEqual({ value: 0.75, components: { passed: 3, total: 4 } });
    expect(score(0, 7)).toEqual({ value: 0, components: { passed: 0, total: 7 } });
    expect(score(7, 7)).toEqual({ value: 1, components: { passed: 7, total: 7 } });
  });

  it('gives nothing for a program that no test saw', () => {
    expect(score(0, 0)).toEqual({ value: 0, components: { passed: 0, total: 0 } });
  });

  it('lies in [0, 1] and grows with every test that passes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(499), (total, nth) => {
        const passed = nth % total;
        const { value } = score(passed, total);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThan(score(passed + 1, total).value);
        expect(score(passed + 1, total).value).toBeLessThanOrEqual(1);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { planGate } from '../../../gates/planner/plan-gate.ts';
import type { PlanQuestion } from '../../../gates/planner/plan-question.ts';
import {
  certifiedAccount,
  everyCandidateAccount,
  exploreAccount,
  freshShardAccount,
  type LevelAccount,
} from '../../../gates/policy/level-policy.ts';
import { parseRational, type Rational } from '../../../gates/policy/math/rational.ts';
import { mcnemarPower } from '../../../gates/policy/planning.ts';

const [alpha, third] = [parseRational('1/20'), parseRational('1/3')];
const question = (changes: Partial<PlanQuestion>): PlanQuestion => ({
  items: 600,
  account: certifiedAccount(alpha, third),
  effect: 0.05,
  effectMax: 0.15,
  power: 0.8,
  discordances: [0.15],
  noise: null,
  ...changes,
});

const levelAfter = (discards: number): Rational =>
  Array.from({ length: discards }).reduce<LevelAccount>(
    (account) => account.after('discard', 1),
    certifiedAccount(alpha, third),
  ).level;

describe('a plan for a held-out set', () => {
  it('that is large enough works, and says for how long', () => {
    const { verdict, sentence, reasons, stages, testsLeft, cost } = planGate(question({}));
    expect(verdict).toBe('works');
    expect(reasons).toEqual([]);
    expect(sentence).toMatchInlineSnapshot(
      `"600 items find +0.05 with 80 % power or more at level 1/60, and go on doing so for 1 test in a row that all end in discards; the smallest effect they find is +0.048 at discordance 0.15."`,
    );
    expect(stages.map(({ level, itemsNeeded }) => [level, ...itemsNeeded])).toEqual([
      ['1/60', 554],
      ['1/180', 709],
      ['1/540', 860],
      ['8/3645', 836],
      ['256/885735', 1113],
    ]);
    expect(testsLeft).toEqual({ findingEffect: 1, untilRetired: 132 });
    const largest = { delta: 0.15, discordance: 0.15 };
    const powers = [131, 132].map((discards) => mcnemarPower(600, largest, levelAfter(discards)));
    expect(powers.map((power) => power >= 0.8)).toEqual([true, false]);
    expect(cost).toEqual({ challengerPerTest: 600, perChampion: 600 });
  });

  it('of 100 items is refused for +0.05, with the reasons and with what would help', () => {
    const { verdict, sentence, reasons, advice, testsLeft } = planGate(question({ items: 100 }));
    expect(verdict).toBe('refused');
    expect(sentence).toMatchInlineSnapshot(
      `"100 items cannot find +0.05: at level 1/60 the smallest effect they find with 80 % power is +0.116 at discordance 0.15."`,
    );
    expect(reasons).toMatchInlineSnapshot(`
      [
        "at discordance 0.15 a challenger that is better by +0.05 passes with probability 0.13; 80 % take 554 items, and the smallest effect that is found is +0.116",
      ]
    `);
    expect(advice.map(({ kind, value }) => [kind, value])).toEqual([
      ['grow', 554],
      ['grow-for-three', 860],
      ['lower-ambition', expect.closeTo(0.11644, 5)],
      ['measure-noise', null],
    ]);
    expect(testsLeft.findingEffect).toBe(0);
  });

  it('depends, where it works for some of the discordances only', () => {
    const { verdict, sentence, reasons } = planGate(question({ discordances: [0.1, 0.15, 0.2] }));
    expect(verdict).toBe('depends');
    expect(sentence).toMatchInlineSnapshot(
      `"600 items find +0.05 with 80 % power at level 1/60 only if the two sides differ on at most 0.15 of the items or little more; at 0.2 the smallest effect they find is +0.055."`,
    );
    expect(reasons).toHaveLength(1);
  });

  it('is refused where even winning every item that differs is not enough', () => {
    const { verdict, sentence, stages } = planGate(question({ items: 20 }));
    expect([verdict, stages[0].detectable]).toEqual(['refused', [null]]);
    expect(sentence).toMatchInlineSnapshot(
      `"20 items cannot find +0.05: at level 1/60 they do not even find a challenger that wins on every item on which the two sides differ; that is beyond +0.15, so they are to be retired."`,
    );
  });

  it('is refused once alpha is spent', () => {
    const account = everyCandidateAccount(alpha, 1).after('discard', 1);
    const { verdict, sentence, reasons, advice } = planGate(question({ account }));
    expect(verdict).toBe('refused');
    expect(sentence).toBe(
      'Nothing can be tested any more: alpha is spent. New held-out items open a new epoch.',
    );
    expect(reasons).toEqual(['the budget of alpha is spent, so no test has a level']);
    expect(advice).toEqual([]);
  });

  it('counts the tests of a horizon, and says when a shard ends with its promotion', () => {
    const horizon = planGate(question({ account: everyCandidateAccount(alpha, 20), items: 2000 }));
    expect(horizon.testsLeft).toEqual({ findingEffect: 20, untilRetired: 20 });
    expect(horizon.stages.map(({ level }) => level)).toEqual([
      '1/400',
      '1/7600',
      '1/136800',
      '1/400',
      '1/400',
    ]);
    const shard = planGate(question({ account: freshShardAccount(alpha, 20), items: 2000 }));
    expect(shard.stages.map(({ level }) => level)).toEqual(['1/400', '0', '0', '1/400', '1/400']);
    expect(shard.stages[1]?.itemsNeeded).toEqual([null]);
  });

  it('takes any account of levels, also one without a budget', () => {
    const { testsLeft } = planGate(question({ account: exploreAccount(parseRational('1/5')) }));
    expect(testsLeft).toEqual({ findingEffect: 1, untilRetired: 200 });
  });

  it('takes chance away by repeats, as far as repeats can', () => {
    const adviceFor = (noise: number, items: number): string | undefined =>
      planGate(question({ noise, items })).advice.find(({ kind }) => kind === 'repeat')?.sentence;
    expect(adviceFor(0.08, 400)).toMatchInlineSnapshot(
      `"repeat each item 2 times (metric graded-repeats): then about 380 items find it"`,
    );
    expect(adviceFor(0.08, 200)).toMatchInlineSnapshot(
      `"repeats do not suffice: without any chance it would still take about 239 items"`,
    );
  });

  it('is made at once for 5,000 items and three discordances', () => {
    const started = performance.now();
    planGate(question({ items: 5000, discordances: [0.1, 0.15, 0.2] }));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

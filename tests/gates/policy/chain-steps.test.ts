import { describe, expect, it } from 'vitest';
import { devScreen } from '../../../gates/policy/dev-screen.ts';
import { harmVeto, proveNonInferior } from '../../../gates/policy/harm-veto.ts';
import { heldOutTest } from '../../../gates/policy/held-out-test.ts';
import {
  certifiedAccount,
  everyCandidateAccount,
  exploreAccount,
  freshShardAccount,
} from '../../../gates/policy/level-policy.ts';
import { parseRational, rationalText, toNumber } from '../../../gates/policy/math/rational.ts';
import { predictedPower } from '../../../gates/policy/predicted-power.ts';
import { meanRatioBound } from '../../../gates/policy/ratio-bound.ts';
import { pairedTTest } from '../../../gates/policy/student-t.ts';

const times = (count: number, value: number): number[] => Array.from({ length: count }, () => value);
const twentieth = parseRational('1/20');
const futility = { looks: 10, minConditionalPower: 0.05, delta: 0.05 };

describe('a held-out test', () => {
  it('reads every item and gives the exact p-value as evidence', () => {
    const items = [...times(12, 1), ...times(3, -1), ...times(5, 0)];
    expect(
      heldOutTest(20, (index) => items[index] as number, twentieth, {
        kind: 'mcnemar-exact',
        futility: { ...futility, looks: 1 },
      }),
    ).toEqual({
      ...{ rejects: true, method: 'mcnemar-exact', itemsUsed: 20, stopped: 'end', level: '1/20' },
      evidence: { wins: 12, losses: 3, p: '9/512' },
    });
  });

  it('stops where going on is hopeless, and reads nothing behind the stop', () => {
    const read: number[] = [];
    const outcome = heldOutTest(
      300,
      (index) => {
        read.push(index);
        return index % 10 === 0 ? -1 : 0;
      },
      twentieth,
      { kind: 'mcnemar-exact', futility },
    );
    expect(outcome).toMatchObject({ rejects: false, stopped: 'futility', itemsUsed: read.length });
    expect(read.length).toBeLessThan(300);
    expect(read.length % 30).toBe(0);
  });

  it('by betting stops as soon as it has won', () => {
    const method = { kind: 'deadline-bet', cap: 0.9, variancePrior: 0.15, priorItems: 10 } as const;
    const outcome = heldOutTest(100, () => 0.5, twentieth, method);
    expect(outcome).toMatchObject({ rejects: true, stopped: 'success', method: 'deadline-bet' });
    expect(outcome.itemsUsed).toBeLessThan(60);
    expect(heldOutTest(100, () => -0.1, twentieth, method)).toMatchObject({ rejects: false, itemsUsed: 100 });
  });

  it('over a grid of bets needs no number of items', () => {
    const outcome = heldOutTest(50, () => 1, parseRational('1/1000'), { kind: 'grid-mixture' });
    expect(outcome).toMatchObject({ rejects: true, stopped: 'success' });
    expect(heldOutTest(50, () => 0, twentieth, { kind: 'grid-mixture' })).toMatchObject({
      ...{ rejects: false, itemsUsed: 50, evidence: { capital: 1 } },
    });
  });
});

describe('levels', () => {
  it('of the certified policy shrink by what each symbol was worth', () => {
    const first = certifiedAccount(twentieth, parseRational('1/3'));
    const told = [first.level, first.after('discard', 1).level, first.after('promote', 1).level];
    expect(told.map(rationalText)).toEqual(['1/60', '1/90', '1/180']);
  });

  it('for a known number of tests are alpha/T each until something is promoted', () => {
    let account = everyCandidateAccount(twentieth, 3);
    const told: string[] = [];
    for (let test = 0; test < 4; test += 1) {
      told.push(rationalText(account.level));
      account = account.after('discard', 1);
    }
    expect(told).toEqual(['1/60', '1/60', '1/60', '0']);
  });

  it('of a fresh shard end with its first promotion', () => {
    const shard = freshShardAccount(twentieth, 5);
    expect(rationalText(shard.after('discard', 1).level)).toBe('1/100');
    expect(rationalText(shard.after('promote', 0.001).level)).toBe('0');
  });

  it('of the exploring policy are those of SAFFRON', () => {
    const account = exploreAccount(parseRational('1/5'));
    expect(toNumber(account.level)).toBeCloseTo(0.5 * 0.1 * 0.4374901658, 12);
    expect(toNumber(account.after('promote', 1e-6).level)).toBeGreaterThan(toNumber(account.level));
  });
});

describe('the steps around the held-out test', () => {
  it('the dev screen takes exact counts for pass/fail and a t-test for graded scores', () => {
    const passFail = [...times(6, 1), ...times(3, -1)];
    expect(devScreen(passFail, 'pass-fail', parseRational('1/5'))).toEqual({
      ...{ passes: false, p: 130 / 512, method: 'mcnemar-exact' },
    });
    expect(devScreen(times(8, 0.125), 'graded', parseRational('1/5'))).toEqual({
      ...{ passes: true, p: 0, method: 'paired-t' },
    });
    // t = 2 with 3 degrees of freedom: 0.0697 (Student's tables).
    expect(pairedTTest([1, 3, 1, 3].map((x) => x - 2 + 2 / Math.sqrt(3)))).toBeCloseTo(0.069662984, 8);
  });

  it('the trigger predicts the power of a test from the dev split', () => {
    const dev = [...times(30, 1), ...times(15, -1), ...times(255, 0)];
    // Φ(0.75 · 0.05 · √(300/0.15) - 2.128) at the level 1/60
    expect(predictedPower(dev, 300, 1 / 60, 0.75)).toBeCloseTo(0.3261, 3);
    expect(predictedPower(times(300, 0), 300, 1 / 60, 0.75)).toBe(0);
  });

  it('a slice vetoes where it is harmed, and in strict mode unless it is proved harmless', () => {
    const tenth = parseRational('1/10');
    expect(harmVeto([...times(5, -1), ...times(95, 0)], 0.1, tenth)).toMatchObject({
      vetoes: true,
      p: 1 / 32,
    });
    expect(harmVeto([...times(2, -1), ...times(98, 0)], 0.1, tenth).vetoes).toBe(false);
    expect(proveNonInferior(times(10, 0), 0.1, twentieth).vetoes).toBe(true);
    expect(proveNonInferior(times(400, 0), 0.1, twentieth).vetoes).toBe(false);
  });

  it('the ratio of mean costs is bounded over given resamples', () => {
    const resamples = [
      [0, 1],
      [0, 0],
      [1, 1],
    ];
    expect(meanRatioBound([2, 3], [1, 2], resamples, 1)).toEqual({ ratio: 5 / 3, upper: 2 });
    expect(meanRatioBound([0], [0], [[0]], 0.95)).toEqual({ ratio: 1, upper: 1 });
  });
});

import { describe, expect, it } from 'vitest';
import type { CheckInput } from '../../../gates/checks/check-input.ts';
import type { CheckResult } from '../../../gates/checks/check-result.ts';
import { decideCheck } from '../../../gates/checks/decide-check.ts';
import type { ItemOutcome } from '../../../gates/checks/item-outcome.ts';
import type { GateDefinition } from '../../../gates/definition/gate-definition.ts';
import { gateDefinition, named } from '../../support/gate-definition.ts';
import { graded, outcomes, use } from './outcomes.ts';

const usual = gateDefinition();

function decide(input: CheckInput, definition: GateDefinition = usual): CheckResult {
  const sealed = input.kind === 'heldout' || input.kind === 'slices';
  return decideCheck({ name: input.kind, kind: input.kind, sealed }, definition, input);
}

describe('the static check', () => {
  const input = {
    kind: 'static',
    challenger: named('a'),
    parent: named('b'),
    problems: [],
    examinedBefore: null,
  } as const;

  it('passes a usable change', () => {
    expect(decide({ ...input, problems: [] }).verdict).toBe('pass');
  });
  it('blocks what is no change, cannot be used, or was examined before', () => {
    expect(decide({ ...input, problems: [], parent: named('a') })).toMatchObject({
      verdict: 'block',
      sentence: 'It is the same as what it should replace.',
    });
    expect(decide({ ...input, problems: ['the template is empty.', 'x'] })).toMatchObject({
      ...{ verdict: 'block', numbers: { problems: 2 } },
      sentence: 'It cannot be used: the template is empty. (and 1 more problem)',
    });
    expect(decide({ ...input, problems: [], examinedBefore: '01JD' }).sentence).toContain(
      'Proposal 01JD was the same change',
    );
  });
});

describe('the dev screen', () => {
  it('is the exact sign test at the entry level: 4 wins of 5 have p = 6/32', () => {
    expect(decide({ kind: 'dev', outcomes: outcomes('wwwwlbbnnn', 'dev') })).toMatchObject({
      ...{ verdict: 'pass', method: 'mcnemar-exact', level: '1/5', statistic: '3/16', itemsUsed: 10 },
      numbers: {
        items: 10,
        wins: 4,
        losses: 1,
        challengerMean: 0.6,
        championMean: 0.3,
        gain: 0.3,
        p: 0.1875,
        confidence: 0.95,
      },
      sentence:
        'On 10 dev items it scores 60 % and the working champion 30 % (better on 4, worse on 1): p = 0.19, within the 0.2 that entry takes.',
    });
  });
  it('blocks above it: 3 wins of 4 have p = 5/16', () => {
    expect(decide({ kind: 'dev', outcomes: outcomes('wwwlbbnnnn', 'dev') })).toMatchObject({
      verdict: 'block',
      statistic: '5/16',
    });
  });
  it('is inconclusive where items could not be graded, are missing, or are not pass/fail', () => {
    const why = (given: ItemOutcome[]) => decide({ kind: 'dev', outcomes: given });
    expect(why(outcomes('wwwww????n'))).toMatchObject({
      verdict: 'inconclusive',
      sentence: 'On dev: 4 of 10 items could not be graded.',
    });
    expect(why(outcomes('wwwww'))).toMatchObject({
      verdict: 'inconclusive',
      sentence: 'On dev: 5 of 10 items were compared.',
    });
    expect(why(graded(Array.from({ length: 10 }, () => [0.5, 0] as const))).verdict).toBe('inconclusive');
  });
  it('compares graded items with a t-test', () => {
    const definition = gateDefinition({ metric: 'graded', test: 'deadline-bet' });
    const better = graded(
      Array.from({ length: 10 }, (_, index) => [0.5 + index / 100, 0.4] as const),
      'dev',
    );
    expect(decide({ kind: 'dev', outcomes: better }, definition)).toMatchObject({
      verdict: 'pass',
      method: 'paired-t',
      statistic: null,
    });
  });
  it('counts a family as one item: ten wins in two families are two wins', () => {
    const definition = gateDefinition({ cluster: 'family' });
    const inTwo = outcomes('wwwwwwwwww', 'dev').map((outcome, index) => ({
      ...outcome,
      cluster: index < 5 ? 'a' : 'b',
    }));
    expect(decide({ kind: 'dev', outcomes: inTwo }, definition).numbers).toMatchObject({
      wins: 2,
      losses: 0,
      gain: 1,
    });
    const uneven = inTwo.map((outcome, index) => ({ ...outcome, cluster: index < 8 ? 'a' : 'b' }));
    expect(decide({ kind: 'dev', outcomes: uneven }, definition).numbers).toMatchObject({
      gain: (1 + 2 / 8) / 2,
    });
  });
});

describe('the checks of cost and latency', () => {
  const compared = (challenger: number, champion: number): ItemOutcome[] =>
    outcomes('b'.repeat(10), 'dev').map((outcome) => ({
      ...outcome,
      challengerUse: use(challenger),
      championUse: use(champion),
    }));

  it('pass what uses no more than is allowed, and block what may use more', () => {
    expect(decide({ kind: 'cost', outcomes: compared(3, 3), seed: 's' })).toMatchObject({
      ...{ verdict: 'pass', method: 'bootstrap-ratio', itemsUsed: 10 },
      numbers: { unit: 'candidates', ratio: 1, upper: 1, ratioMax: 1.1, confidence: 0.95 },
      sentence:
        'Per item it uses 1 times the candidates of the working champion, with 95 % confidence at most 1 times; up to 1.1 is allowed.',
    });
    expect(decide({ kind: 'latency', outcomes: compared(5, 4), seed: 's' })).toMatchObject({
      verdict: 'block',
      numbers: { unit: 'executions', ratio: 1.25 },
    });
  });
  it('take nothing on both sides as the same, and something instead of nothing as more than any limit', () => {
    expect(decide({ kind: 'cost', outcomes: compared(0, 0), seed: 's' })).toMatchObject({
      verdict: 'pass',
      numbers: { ratio: 1 },
    });
    expect(decide({ kind: 'cost', outcomes: compared(1, 0), seed: 's' })).toMatchObject({
      verdict: 'block',
      numbers: { ratio: null, upper: null },
    });
  });
  it('are skipped where nothing was measured', () => {
    const unmeasured = outcomes('bb').map((outcome) => ({ ...outcome, championUse: null }));
    expect(decide({ kind: 'cost', outcomes: unmeasured, seed: 's' })).toMatchObject({
      verdict: 'skip',
      itemsUsed: 0,
    });
  });
  it('draw the same resamples from the same seed', () => {
    const uneven = [...compared(1, 1), ...compared(2, 1), ...compared(1, 3)].map((outcome, index) => ({
      ...outcome,
      challengerUse: use(index % 3),
    }));
    const upper = (seed: string) => decide({ kind: 'cost', outcomes: uneven, seed }).numbers['upper'];
    expect(upper('s')).toBe(upper('s'));
    // Other draws may give the same quantile, so several seeds are tried.
    expect(new Set(['s', 't', 'u', 'v', 'w'].map(upper)).size).toBeGreaterThan(1);
  });
});

describe('the trigger', () => {
  const input = {
    kind: 'trigger',
    configuration: named('a'),
    certified: named('b'),
    level: '1/60',
    heldOutUnits: 300,
  } as const;

  it('passes where a held-out test would probably succeed: Φ(0.75·0.3·√(300/0.5) - z) with z of 1/60', () => {
    const result = decide({ ...input, outcomes: outcomes('wwwwlbbnnn', 'dev') });
    expect(result).toMatchObject({ verdict: 'pass', level: '1/60', method: 'predicted-power' });
    // 0.225·√600 = 5.511, z = 2.128: Φ(3.383)
    expect(result.numbers['power']).toBeCloseTo(0.99964, 5);
  });
  it('blocks where it would not, where the alpha is spent, and for the certified configuration itself', () => {
    expect(decide({ ...input, outcomes: outcomes('wlbbbbnnnn', 'dev') })).toMatchObject({
      verdict: 'block',
      numbers: { power: expect.closeTo(1 / 60, 6) },
    });
    expect(decide({ ...input, level: '0', outcomes: outcomes('wwwwwwwwww', 'dev') }).sentence).toContain(
      'is spent',
    );
    expect(decide({ ...input, certified: named('a'), outcomes: [] }).sentence).toContain(
      'the certified configuration itself',
    );
  });
  it('is inconclusive where dev items could not be graded', () => {
    expect(decide({ ...input, outcomes: outcomes('wwwwwwwww?', 'dev') }).verdict).toBe('inconclusive');
  });
});

describe("a check of one's own", () => {
  it('stands as it was returned', () => {
    const returned = { verdict: 'block', sentence: 'Too long.', numbers: { length: 900 } } as const;
    expect(
      decideCheck({ name: 'length', kind: 'own', sealed: false }, usual, { kind: 'own', returned }),
    ).toEqual({
      ...returned,
      ...{ method: null, level: null, statistic: null, itemsUsed: 0 },
    });
  });
  it('is not decided from the input of another check', () => {
    expect(() =>
      decideCheck({ name: 'dev', kind: 'dev', sealed: false }, usual, {
        kind: 'cost',
        outcomes: [],
        seed: 's',
      }),
    ).toThrowError('The check dev (dev) was given the input of cost.');
  });
});

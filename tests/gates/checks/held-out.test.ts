import { describe, expect, it } from 'vitest';
import { decideFinal } from '../../../gates/checks/decide-final.ts';
import { decideHeldOut } from '../../../gates/checks/decide-held-out.ts';
import { decideSlices } from '../../../gates/checks/decide-slices.ts';
import { heldOutChunks, isHeldOutSettled } from '../../../gates/checks/held-out-plan.ts';
import type { ItemOutcome } from '../../../gates/checks/item-outcome.ts';
import { gateDefinition } from '../../support/gate-definition.ts';
import { graded, outcomes } from './outcomes.ts';

const usual = gateDefinition();
const large = gateDefinition({}, { heldout: 300 });
const bets = gateDefinition({ metric: 'graded', test: 'deadline-bet' }, { heldout: 40 });
const input = (given: ItemOutcome[], level = '1/60') =>
  ({ kind: 'heldout', outcomes: given, level, variancePrior: null }) as const;

describe('the held-out test', () => {
  it('is an integer comparison: 6 wins of 6 have p = 1/64, which is within 1/60', () => {
    expect(decideHeldOut(usual, input(outcomes('wwwwwwbbnn')))).toMatchObject({
      ...{ verdict: 'pass', method: 'mcnemar-exact', level: '1/60', statistic: '1/64', itemsUsed: 10 },
      numbers: { wins: 6, losses: 0, gain: 0.6, p: 1 / 64, stopped: 'end', units: 10 },
      sentence:
        'On 10 held-out items it scores 80 % and the certified champion 20 % (better on 6, worse on 0): p = 0.016, within the level 0.017.',
    });
    expect(decideHeldOut(usual, input(outcomes('wwwwwwbbnn'), '1/65'))).toMatchObject({
      verdict: 'block',
      statistic: '1/64',
    });
    expect(decideHeldOut(usual, input(outcomes('wwwwwwbbnn'), '1/64')).verdict).toBe('pass');
  });
  it('never passes at level zero, and reads nothing for it', () => {
    expect(decideHeldOut(usual, input([], '0'))).toMatchObject({
      verdict: 'block',
      level: '0',
      statistic: null,
    });
    expect(decideHeldOut(usual, input(outcomes('wwwwwwwwww'), '0')).verdict).toBe('block');
  });
  it('is inconclusive where an item that it needs could not be graded or was not read', () => {
    expect(decideHeldOut(usual, input(outcomes('ww?wwwwwww'))).sentence).toBe(
      'On held-out items: item 3 could not be graded.',
    );
    expect(decideHeldOut(usual, input(outcomes('wwwww')))).toMatchObject({
      ...{ verdict: 'inconclusive', statistic: null },
      sentence: 'On held-out items: 5 of 10 items were read, and the test had not ended.',
    });
    expect(decideHeldOut(usual, input(outcomes('wwwwwwwwwww'))).verdict).toBe('inconclusive');
    expect(decideHeldOut(usual, input(graded([[0.5, 0]])))).toMatchObject({ verdict: 'inconclusive' });
  });
  it('looks ten times where there are 200 items, once where there are fewer, and executes no item after it is settled', () => {
    expect(heldOutChunks(large)).toEqual([30, 60, 90, 120, 150, 180, 210, 240, 270, 300]);
    expect(heldOutChunks(gateDefinition({}, { heldout: 199 }))).toEqual([199]);
    const hopeless = outcomes('l'.repeat(30));
    expect(isHeldOutSettled(large, input(outcomes('w'.repeat(30))))).toBe(false);
    expect(isHeldOutSettled(large, input(hopeless))).toBe(true);
    expect(decideHeldOut(large, input(hopeless))).toMatchObject({
      ...{ verdict: 'block', itemsUsed: 30, numbers: { stopped: 'futility' } },
      sentence: expect.stringContaining('On 30 held-out items (stopped: success was out of reach)'),
    });
    expect(isHeldOutSettled(large, input([...hopeless.slice(0, 5), ...outcomes('?')]))).toBe(true);
  });
  it('bets on graded items until it has won: the rest decides nothing', () => {
    const winning = graded(Array.from({ length: 40 }, () => [1, 0] as const));
    const result = decideHeldOut(bets, input(winning));
    expect(result).toMatchObject({
      verdict: 'pass',
      method: 'deadline-bet',
      numbers: { stopped: 'success' },
    });
    expect(result.itemsUsed).toBeLessThan(40);
    expect(result.statistic).toBe(`capital ${result.numbers['capital']}`);
    expect(isHeldOutSettled(bets, input(winning.slice(0, result.itemsUsed - 1)))).toBe(false);
    expect(isHeldOutSettled(bets, input(winning.slice(0, result.itemsUsed)))).toBe(true);
    const { verdict, statistic } = decideHeldOut(
      bets,
      input([...winning.slice(0, result.itemsUsed), ...outcomes('lll?')]),
    );
    expect({ verdict, statistic }).toEqual({ verdict: 'pass', statistic: result.statistic });
    expect(heldOutChunks(bets)).toEqual([4, 8, 12, 16, 20, 24, 28, 32, 36, 40]);
  });
  it('bets on families of pass/fail items, each of them one, and needs them whole', () => {
    const families = gateDefinition({ cluster: 'family' }, { heldout: 40 });
    const given = outcomes('w'.repeat(40)).map((outcome, index) => ({
      ...outcome,
      cluster: `f${index % 20}`,
    }));
    expect(heldOutChunks(families)).toEqual([40]);
    expect(isHeldOutSettled(families, input(given.slice(0, 39)))).toBe(false);
    expect(decideHeldOut(families, input(given))).toMatchObject({
      verdict: 'pass',
      method: 'deadline-bet',
      numbers: { wins: 20 },
    });
  });
});

describe('protected slices', () => {
  const veto = gateDefinition({ guardrails: [{ tag: 'kind', value: 'loop', itemsMin: 5 }] });
  const prove = gateDefinition({
    guardrails: [{ tag: 'kind', value: 'loop', itemsMin: 5, mode: 'prove', level: '1/20' }],
  });
  const inSlice = (letters: string) => outcomes(letters).map((outcome) => ({ ...outcome, slices: [0] }));
  const slices = (given: ItemOutcome[]) =>
    ({ kind: 'slices', outcomes: given, disclosedShare: '1' }) as const;

  it('veto what looks harmed: 4 losses of 4 have p = 1/16, within 1/10', () => {
    expect(decideSlices(veto, slices(inSlice('llllbbbb')))).toMatchObject({
      ...{ verdict: 'block', method: 'guardrails', itemsUsed: 8 },
      numbers: { slices: [{ slice: 'kind=loop', verdict: 'block', p: 1 / 16, mean: -0.5, level: '1/10' }] },
      sentence:
        'In the slice kind=loop (8 items) it stands at -50 points against the certified champion (p of harm 0.063): it may be harmed.',
    });
    expect(decideSlices(veto, slices(inSlice('wwlbbbbb'))).sentence).toBe('1 protected slice held.');
  });
  it('say nothing with too few items, and block then where harmlessness was to be proved', () => {
    expect(decideSlices(veto, slices(inSlice('llll'))).verdict).toBe('skip');
    expect(decideSlices(prove, slices(inSlice('wwww')))).toMatchObject({
      ...{ verdict: 'block' },
      sentence: 'The slice kind=loop has 4 items, fewer than 5: that it is not worse cannot be shown.',
    });
  });
  it('are proved at their level times what was disclosed', () => {
    const given = { ...slices(inSlice('w'.repeat(30))), disclosedShare: '2/3' };
    expect(decideSlices(prove, given)).toMatchObject({
      verdict: 'pass',
      numbers: { slices: [{ level: '1/30' }] },
    });
    expect(decideSlices(prove, slices(inSlice('b'.repeat(8)))).verdict).toBe('block');
    expect(decideSlices(prove, { ...given, disclosedShare: '0' }).verdict).toBe('block');
  });
  it('are inconclusive where one of their items could not be graded', () => {
    expect(decideSlices(veto, slices(inSlice('bbbbb?'))).verdict).toBe('inconclusive');
  });
});

describe('the sealed test', () => {
  it('tests once at its own level and gives an interval: 5 wins of 5 have p = 1/32', () => {
    const result = decideFinal(usual, {
      kind: 'final',
      outcomes: outcomes('wwwwwbbbbb', 'sealed'),
      variancePrior: null,
    });
    expect(result).toMatchObject({
      ...{ verdict: 'better', method: 'mcnemar-exact', level: '1/20', statistic: '1/32', items: 10 },
      numbers: { wins: 5, losses: 0, gain: 0.5, confidence: 0.95 },
    });
    expect(result.numbers['gainLower']).toBeLessThan(0.5);
    expect(result.numbers['gainUpper']).toBeGreaterThan(0.5);
  });
  it('shows nothing with 4 wins of 4, and is inconclusive with an item less', () => {
    const final = (letters: string) =>
      decideFinal(usual, { kind: 'final', outcomes: outcomes(letters, 'sealed'), variancePrior: null });
    expect(final('wwwwbbbbbb').verdict).toBe('not_shown');
    expect(final('wwwwwwwww')).toMatchObject({
      verdict: 'inconclusive',
      sentence: 'On the sealed items: 9 of 10 items were compared.',
    });
    expect(final('wwwwwwwww?').verdict).toBe('inconclusive');
  });
});

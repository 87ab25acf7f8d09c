import { describe, expect, it } from 'vitest';
import { changedStrategy, type StrategyOptions, strategyRefs } from '../../src/cli/strategy-options.ts';

const params = (names: readonly string[], settings: readonly string[]) =>
  strategyRefs(names, 5, settings).map((ref) => [ref.name, ref.params]);

describe('strategies from the command line', () => {
  it('get the candidates of the run and the defaults of the rest', () => {
    expect(strategyRefs(['best-of-n', 'unary-retry'], 5, [])).toEqual([
      { name: 'best-of-n', version: 1, params: { candidates: 5, stop: 'public_pass', width: 1 } },
      { name: 'unary-retry', version: 1, params: { candidates: 5 } },
    ]);
  });

  it('are taken once each, in the order given', () => {
    expect(params(['unary-retry', 'best-of-n', 'unary-retry'], []).map(([name]) => name)).toEqual([
      'unary-retry',
      'best-of-n',
    ]);
  });

  it('take --set for one by name, as number or text, the last one counting', () => {
    const settings = ['best-of-n.width=2', 'best-of-n.stop=never', 'best-of-n.width=3'];
    expect(params(['best-of-n', 'unary-retry'], settings)).toEqual([
      ['best-of-n', { candidates: 5, stop: 'never', width: 3 }],
      ['unary-retry', { candidates: 5 }],
    ]);
  });

  it('take --set for all', () => {
    expect(params(['sequential-feedback', 'unary-retry'], ['candidates=3'])).toEqual([
      ['sequential-feedback', { candidates: 3 }],
      ['unary-retry', { candidates: 3 }],
    ]);
  });

  it('take null for left out', () => {
    const settings = ['restartAfter=4', 'memory=2', 'memory=null'];
    expect(params(['sequential-feedback'], settings)).toEqual([
      ['sequential-feedback', { candidates: 5, restartAfter: 4 }],
    ]);
    expect(params(['best-of-n'], ['width=null'])[0]?.[1]).toMatchObject({ width: 1 });
  });

  it.each([
    [
      'USAGE',
      ['unary-retry.candidates=3'],
      '--set unary-retry.candidates: that strategy is not in --strategy.',
    ],
    ['USAGE', ['width'], '--set takes [STRATEGY.]PARAMETER=VALUE, not "width".'],
    ['USAGE', ['=1'], '--set takes [STRATEGY.]PARAMETER=VALUE, not "=1".'],
    ['USAGE', ['__proto__=1'], '--set takes [STRATEGY.]PARAMETER=VALUE, not "__proto__=1".'],
    ['STRATEGY_PARAMS', ['constructor=null'], 'best-of-n: ✖ Unrecognized key: "constructor"'],
    ['STRATEGY_PARAMS', ['constructor=1'], 'best-of-n: ✖ Unrecognized key: "constructor"'],
    [
      'STRATEGY_PARAMS',
      ['width=1.5'],
      'best-of-n: ✖ Invalid input: expected int, received number\n  → at width',
    ],
    [
      'STRATEGY_PARAMS',
      ['width='],
      'best-of-n: ✖ Invalid input: expected number, received string\n  → at width',
    ],
  ])('%s for %j', (code, settings, message) => {
    expect(() => strategyRefs(['best-of-n'], 5, settings)).toThrow(
      expect.objectContaining({ code, message }) as Error,
    );
  });

  it('must be known', () => {
    expect(() => strategyRefs(['bogus'], 5, [])).toThrow(
      'There is no strategy "bogus". Choose one of: best-of-n, sequential-feedback, unary-retry.',
    );
  });
});

describe('the strategy of a branch', () => {
  const parent = { name: 'best-of-n', version: 1, params: { candidates: 5, stop: 'never', width: 2 } };
  const changed = (options: Partial<StrategyOptions>) => changedStrategy(parent, { set: [], ...options });

  it('is the parent’s where nothing is given', () => {
    expect(changed({})).toBe(undefined);
  });

  it('keeps what is not changed', () => {
    expect(changed({ candidates: 9 })?.params).toEqual({ candidates: 9, stop: 'never', width: 2 });
    expect(changed({ set: ['width=3', 'best-of-n.stop=public_pass'] })?.params).toEqual({
      ...{ candidates: 5, stop: 'public_pass', width: 3 },
    });
    expect(changed({ strategy: 'best-of-n' })).toEqual(parent);
  });

  it('takes over from another strategy how many candidates it may draw', () => {
    expect(changed({ strategy: 'unary-retry' })).toEqual({
      ...{ name: 'unary-retry', version: 1, params: { candidates: 5 } },
    });
    expect(changed({ strategy: 'unary-retry', candidates: 7 })?.params).toEqual({ candidates: 7 });
  });

  it('is of the version that the parent began with, unless it is named', () => {
    const old = { ...parent, version: 7 };
    expect(changedStrategy(old, { set: ['width=1'] })?.version).toBe(7);
    expect(changedStrategy(old, { strategy: 'best-of-n', set: [] })?.version).toBe(1);
  });

  it.each([
    [
      { set: ['unary-retry.candidates=1'] },
      '--set unary-retry.candidates: that is not the strategy of the branch.',
    ],
    [{ set: ['width'] }, '--set takes [STRATEGY.]PARAMETER=VALUE, not "width".'],
    [{ strategy: 'unary-retry', set: ['width=1'] }, 'unary-retry: ✖ Unrecognized key: "width"'],
  ])('%j is refused', (options, message) => {
    expect(() => changed(options)).toThrow(message);
  });
});

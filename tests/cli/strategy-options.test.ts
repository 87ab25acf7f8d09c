import { describe, expect, it } from 'vitest';
import { strategyRefs } from '../../src/cli/strategy-options.ts';

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

  it.each([
    [
      'USAGE',
      ['unary-retry.candidates=3'],
      '--set unary-retry.candidates: that strategy is not in --strategy.',
    ],
    ['USAGE', ['width'], '--set takes [STRATEGY.]PARAMETER=VALUE, not "width".'],
    ['USAGE', ['=1'], '--set takes [STRATEGY.]PARAMETER=VALUE, not "=1".'],
    ['USAGE', ['__proto__=1'], '--set takes [STRATEGY.]PARAMETER=VALUE, not "__proto__=1".'],
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

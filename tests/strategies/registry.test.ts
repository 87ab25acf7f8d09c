import { describe, expect, it } from 'vitest';
import { strategies, strategyNamed, strategyRef } from '../../src/strategies/registry.ts';

describe('the strategies there are', () => {
  it('are known by distinct names, each with a version and a line of help', () => {
    expect(strategies.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'best-of-n 1',
      'sequential-feedback 1',
      'unary-retry 1',
    ]);
    for (const { summary } of strategies) expect(summary).toMatch(/^[^\n]{10,100}$/);
  });

  it.each(strategies)('are found by name: $name', (strategy) => {
    expect(strategyNamed(strategy.name)).toBe(strategy);
  });

  it('are named in the error about one that is not there', () => {
    expect(() => strategyNamed('best-of-m')).toThrowError(
      expect.objectContaining({
        code: 'STRATEGY_NOT_FOUND',
        message:
          'There is no strategy "best-of-m". Choose one of: best-of-n, sequential-feedback, unary-retry.',
      }),
    );
  });
});

describe('a strategy as it is recorded', () => {
  it('names all its parameters, also those that were not given', () => {
    expect(strategyRef(strategyNamed('best-of-n'), { width: 2 })).toEqual({
      name: 'best-of-n',
      version: 1,
      params: { candidates: 12, stop: 'public_pass', width: 2 },
    });
  });

  it('is refused with the parameter that is wrong', () => {
    expect(() => strategyRef(strategyNamed('unary-retry'), { candidates: 0 })).toThrowError(
      expect.objectContaining({
        code: 'STRATEGY_PARAMS',
        message: expect.stringMatching(/^unary-retry: .*candidates/s),
      }),
    );
    expect(() => strategyRef(strategyNamed('unary-retry'), { candidate: 3 })).toThrowError(
      expect.objectContaining({ code: 'STRATEGY_PARAMS', message: expect.stringContaining('candidate') }),
    );
  });
});

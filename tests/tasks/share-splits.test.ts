import { describe, expect, it } from 'vitest';
import { defaultSplits } from '../../src/tasks/default-splits.ts';
import { makeSuite } from '../../src/tasks/make-suite.ts';
import { shareSplits, splitsOfSeed } from '../../src/tasks/share-splits.ts';
import { toyTask } from '../support/toy-language.ts';

const suite = makeSuite(
  'toy',
  'native',
  Array.from({ length: 163 }, (_, index) => toyTask(`t${index}`, 1)),
);

describe('shares of a suite', () => {
  it('are as many tasks as they say where they add up to the suite', () => {
    const { parts } = shareSplits(suite, '63:0:100:0');
    expect(Object.values(parts).map(({ length }) => length)).toEqual([63, 0, 100, 0]);
    expect(new Set([...parts.optimize, ...parts.heldout]).size).toBe(163);
  });

  it('are drawn again from the seed that is recorded', () => {
    const drawn = shareSplits(suite, '1:1:2:0');
    expect(splitsOfSeed(suite, drawn.plan.seed)).toEqual(drawn);
    const usual = defaultSplits(suite);
    expect(splitsOfSeed(suite, usual.plan.seed)).toEqual(usual);
    expect(splitsOfSeed(suite, 'another')).toBeNull();
  });

  it('are refused where they are no shares', () => {
    for (const shares of ['1:2', '1:2:3:x', '0:0:0:0', '0.5:0.5:0:0', '1:1:1:-1'])
      expect(() => shareSplits(suite, shares), shares).toThrow();
  });
});

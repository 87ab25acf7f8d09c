import { describe, expect, it } from 'vitest';
import { type NaiveRule, naiveLoop, naiveRules } from './naive-loop.ts';

/** One letter per item: `+` passed, `-` not. */
const passes = (text: string): readonly boolean[] => [...text].map((letter) => letter === '+');
const promoted = (proposals: readonly string[], rule: NaiveRule): readonly number[] =>
  naiveLoop(passes('+---------'), proposals.map(passes), rule).map(({ proposal }) => proposal);

describe('a naive loop', () => {
  it('promotes by the mean whatever wins on one item more', () => {
    expect(promoted(['-++-------', '-+--------', '+++-------'], naiveRules['mean higher'])).toEqual([0, 2]);
  });

  it('promotes at p < 0.05 from five wins without a loss on, and not with four', () => {
    const rule = naiveRules['p < 0.05 each time'];
    expect(promoted(['+++++-----', '++++++----'], rule)).toEqual([1]);
    expect(promoted(['-++++++---', '-+++++++++'], rule)).toEqual([1]);
  });

  it('compares with its own champion, which need not be the one that proposals were made from', () => {
    const promotions = naiveLoop(
      passes('+---------'),
      ['++--------', '-+++------', '+---------'].map(passes),
      naiveRules['mean higher'],
    );
    expect(promotions).toEqual([
      { proposal: 0, replaced: null, outcome: { wins: 1, losses: 0 } },
      { proposal: 1, replaced: 0, outcome: { wins: 2, losses: 1 } },
    ]);
  });
});

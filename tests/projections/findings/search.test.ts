import { describe, expect, it } from 'vitest';
import { diversityDecay } from '../../../projections/findings/diversity-decay.ts';
import { feedbackWithoutEffect } from '../../../projections/findings/feedback-without-effect.ts';
import { friction } from '../../../projections/findings/friction.ts';
import { nearDuplicates } from '../../../projections/findings/near-duplicates.ts';
import { repeatedCandidates } from '../../../projections/findings/repeated-candidates.ts';
import type { EpisodeEvent } from '../../../src/events/episode.ts';
import {
  adopted,
  askedToGenerate,
  digest,
  told as feedback,
  generated,
  key,
  picked,
  rejected,
} from '../../strategies/episode-events.ts';
import { finished } from '../run-events.ts';
import { found, told } from './given-trail.ts';

const cost = { candidates: 1, executions: 1, tokens: 0, steps: 0 };
const unsolved = (name: string): EpisodeEvent[] => [
  picked(name, false, 'budget'),
  finished(false, false, cost),
];

/** Twenty lines, the given ones replaced: two programs that differ in one line are nearly the same. */
const program = (changes: Readonly<Record<number, string>> = {}): string =>
  Array.from({ length: 20 }, (_, line) => changes[line] ?? `    v${line} = step(${line}, x)`).join('\n');

describe('repeated-candidates', () => {
  it('counts proposals of a program that the episode had, recorded as rejected or (in a forged history) as new', () => {
    const episodes = [
      [adopted('a'), rejected(key(0), 'a'), generated(key(1), 'b'), rejected(key(2), 'b')],
      [generated(key(0), 'a'), generated(key(1), 'a')],
      [generated(key(0), 'a')],
    ];
    expect(told(found(repeatedCandidates, [{ episodes }]))).toEqual([
      '3/6',
      'task 0: A.0@1 A.0@2',
      'task 0: A.0@3 A.0@4',
      'task 1: A.1@1 A.1@2',
    ]);
  });
});

describe('near-duplicates', () => {
  it('counts programs that are nearly an earlier one of their episode, and names the nearest', () => {
    const texts = {
      a: program(),
      b: program({ 3: '    # v3 is not needed' }),
      c: program({ 4: '    v4 = step(5, x)' }),
      d: 'def f(x):\n    return sorted(x)[0]',
      e: `"""Says what it does."""\n${program()}  # the end\n`,
    };
    const episodes = [
      ['a', 'd', 'c', 'e'].map((name, at) => generated(key(at), name)),
      ['b', 'a', 'a'].map((name, at) => generated(key(at), name)),
      ['a', 'gone'].map((name, at) => generated(key(at), name)),
    ];
    expect(told(found(nearDuplicates, [{ episodes }], texts))).toEqual([
      '3/4',
      'task 0: A.0@1 A.0@3',
      'task 0: A.0@1 A.0@4',
      'task 1: A.1@1 A.1@2',
    ]);
  });
});

describe('feedback-without-effect', () => {
  it('holds a proposal against the feedback that its request shows last', () => {
    const shown = (name: string) => [{ candidate: digest(name), feedback: digest('why') }];
    const unseen = [{ candidate: digest('a'), feedback: null }];
    const episodes = [
      [
        ...[generated(key(0), 'a'), feedback(key(1), 'a', 'why')],
        ...[askedToGenerate(key(2), shown('a')), rejected(key(2), 'a')],
        ...[askedToGenerate(key(3), shown('a')), generated(key(3), 'b'), feedback(key(4), 'b', 'why')],
        ...[askedToGenerate(key(5), shown('a')), rejected(key(5), 'b')],
        ...[askedToGenerate(key(6), unseen), rejected(key(6), 'a')],
      ],
    ];
    const result = found(feedbackWithoutEffect, [{ episodes }]);
    expect(told(result)).toEqual(['1/3', 'task 0: A.0@2 A.0@4']);
    expect(result.figures).toEqual({ exactly: 1 });
  });

  it('takes the last feedback where there are no requests, and other comments for no change', () => {
    const texts = { a: 'x = 1', b: 'x = 1  # one', c: 'x = 2' };
    const step = (name: string, at: number) => [generated(key(at), name), feedback(key(at + 1), name, 'why')];
    const episodes = [[...step('a', 0), ...step('b', 2), ...step('c', 4), rejected(key(6), 'c')]];
    const result = found(feedbackWithoutEffect, [{ episodes }], texts);
    expect(told(result)).toEqual(['2/3', 'task 0: A.0@2 A.0@3', 'task 0: A.0@6 A.0@7']);
    expect(result.message).toBe(
      '2 of 3 (66.7 %) proposals that answer feedback are the program it was about, 1 of them byte for byte',
    );
  });
});

describe('friction', () => {
  const start = [generated(key(0), 'a'), feedback(key(1), 'a', 'why')];

  it('is the share of unsolved tasks, told what was wrong, whose answer is from before they were told', () => {
    const episodes = [
      [...start, generated(key(2), 'b'), ...unsolved('a')],
      [...start, generated(key(2), 'b'), ...unsolved('b')],
      [...start, rejected(key(2), 'a'), ...unsolved('a')],
      [...start, rejected(key(2), 'a'), picked('a', true, 'public_pass'), finished(true, true, cost)],
      [...start, ...unsolved('a')],
      [generated(key(0), 'a'), generated(key(2), 'b'), ...unsolved('a')],
    ];
    expect(told(found(friction, [{ episodes }]))).toEqual([
      '2/3',
      'task 0: A.0@1 A.0@2 A.0@4',
      'task 2: A.2@1 A.2@2 A.2@4',
    ]);
  });

  it('does not take another layout for another answer', () => {
    const episodes = [[...start, generated(key(2), 'b'), ...unsolved('b')]];
    const texts = { a: 'def f(x):\n  return x', b: 'def f( x ):\n    """F."""\n    return x # still' };
    expect(told(found(friction, [{ episodes }], texts))[0]).toBe('1/1');
    expect(told(found(friction, [{ episodes }], { ...texts, b: 'def f(y):\n  return y' }))[0]).toBe('0/1');
  });
});

describe('diversity-decay', () => {
  const novel = Object.fromEntries(
    Array.from({ length: 9 }, (_, at) => [
      `n${at}`,
      Array.from({ length: 9 }, (_, line) => `w${at}${line}`).join('\n'),
    ]),
  );
  const episode = (...names: readonly string[]): EpisodeEvent[] =>
    names.map((name, at) => (names.indexOf(name) < at ? rejected(key(at), name) : generated(key(at), name)));

  it('is found where the later half of the rounds brings less that is new than the earlier one', () => {
    const episodes = [
      episode('n0', 'n1', 'n2', 'n2', 'n2'),
      episode('n0', 'n1', 'n2', 'n3', 'n4'),
      episode('n0', 'n0', 'n0', 'n0'),
    ];
    const result = found(diversityDecay, [{ episodes }], novel);
    expect(told(result)).toEqual(['1/2', 'task 0: A.0@2 A.0@5']);
    expect(result.figures).toEqual({ noveltyEarly: 1, noveltyLate: 0.5, proposalsPerHalf: 4 });
    expect(result.message).toBe(
      'mean novelty 1.000 in the earlier and 0.500 in the later half of the rounds, over 2 episodes with 4 proposals in each half; it fell in 1 of them',
    );
  });

  it('is not found where the later half brings as much, or only a little less', () => {
    const steady = [episode('n0', 'n1', 'n2', 'n3', 'n4'), episode('n0', 'n0', 'n0', 'n1', 'n2')];
    expect(told(found(diversityDecay, [{ episodes: steady }], novel))).toEqual(['0/2']);
    expect(told(found(diversityDecay, [{ episodes: [] }]))).toEqual(['0/0']);
  });
});

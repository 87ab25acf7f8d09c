import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearlySame, similarity, sketchOf, tokensOf } from '../../../projections/findings/program-sketch.ts';
import '../../support/property-seed.ts';

describe('the tokens of a program', () => {
  it('leave out comments, docstrings and white space', () => {
    const python = 'def f(x):  # doubles\n    """Doubles\n    x."""\n    return x // 2.5 + "a # b" \\\n';
    expect(tokensOf(python, 'python')).toEqual([
      ...['def', 'f', '(', 'x', ')', ':', 'return', 'x', '/', '/', '2.5', '+', '"a # b"', '\\'],
    ]);
    const javascript = 'const f = (x) => `x // no` /* well\n */ + x; // yes';
    expect(tokensOf(javascript, 'javascript')).toEqual([
      ...['const', 'f', '=', '(', 'x', ')', '=', '>', '`x // no`', '+', 'x', ';'],
    ]);
  });

  it('keep a triple-quoted string that is a value', () => {
    expect(tokensOf('x = """a\nb"""\n', 'python')).toEqual(['x', '=', '"""a\nb"""']);
  });
});

describe('the similarity of two programs', () => {
  it('is the share of trigrams that they have in common', () => {
    const of = (left: string, right: string) =>
      similarity(sketchOf(left, 'python'), sketchOf(right, 'python'));
    expect(of('a b c d', 'a b c d')).toBe(1);
    expect(of('a b c d', 'a b c e')).toBe(0.5);
    expect(of('a b c d', 'w x y z')).toBe(0);
    expect(of('a a a a', 'a a a')).toBe(2 / 3);
    expect(of('', '')).toBe(1);
    expect(of('a', '')).toBe(0);
  });

  it('stays near for a change of one token among a hundred, and does not for one among ten', () => {
    const words = (count: number, other: number) =>
      Array.from({ length: count }, (_, at) => (at === other ? 'other' : `w${at}`)).join(' ');
    const of = (count: number) =>
      similarity(sketchOf(words(count, -1), 'python'), sketchOf(words(count, 5), 'python'));
    expect(of(100)).toBeCloseTo(1 - 3 / 98, 12);
    expect(of(100)).toBeGreaterThan(nearlySame);
    expect(of(10)).toBe(1 - 3 / 8);
  });

  it('is symmetric, between 0 and 1, and 1 for a text and itself', () => {
    const source = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '(', '"', '#', '\n', "'") });
    fc.assert(
      fc.property(
        source,
        source,
        fc.constantFrom('python', 'javascript' as const),
        (one, other, language) => {
          const [left, right] = [sketchOf(one, language), sketchOf(other, language)];
          const alike = similarity(left, right);
          expect(alike).toBe(similarity(right, left));
          expect(alike).toBeGreaterThanOrEqual(0);
          expect(alike).toBeLessThanOrEqual(1);
          expect(similarity(left, left)).toBe(1);
        },
      ),
    );
  });
});

import { describe, expect, test } from 'vitest';
import { doctestCases } from '../../src/tasks/readers/doctest-cases.ts';

const prompt = (...lines: string[]): string =>
  ['def f(x):', '    """ Text', ...lines.map((line) => `    ${line}`), '    """', ''].join('\n');

describe('docstring examples', () => {
  test('a call and the value below it make a case', () => {
    expect(doctestCases(prompt('>>> f(1)', '2', ">>> f('a, b)')", "['x']"), 'f')).toEqual([
      { id: 'example-1', call: 'f(1)', expected: '2' },
      { id: 'example-2', call: "f('a, b)')", expected: "['x']" },
    ]);
  });

  test('a value may take several lines and nest', () => {
    expect(doctestCases(prompt('>>> f(-1.5e3, (), {1: [None]})', '[(1, 2),', " {'a'}]"), 'f')).toEqual([
      { id: 'example-1', call: 'f(-1.5e3, (), {1: [None]})', expected: "[(1, 2), {'a'}]" },
    ]);
  });

  test.each([
    ['another function', '>>> g(1)', '2'],
    ['more than one call', '>>> f(f(1))', '2'],
    ['an expression around the call', '>>> round(f(1), 2)', '2'],
    ['a keyword argument', '>>> f(x=1)', '2'],
    ['a comment after the call', '>>> f(1) # two', '2'],
    ['an escape', ">>> f('\\n')", '2'],
    ['a value that is prose', '>>> f(1)', 'the second number'],
    ['prose right below the value', '>>> f(1)', '2', 'That was easy.'],
    ['an exception', '>>> f(1)', 'Traceback (most recent call last):'],
    ['no value', '>>> f(1)', ''],
    ['an unbalanced list', '>>> f([1)', '2'],
    ['a name that only starts like a constant', '>>> f(Nonesuch)', '2'],
  ])('%s makes none', (_, ...lines) => {
    expect(doctestCases(prompt(...lines), 'f')).toEqual([]);
  });
});

import type { ExecutionResult } from '../../events/execution-result.ts';
import { type Hint, type Pair, toOperator, toText } from './hint.ts';
import { equalSeen, readValue, type Seen } from './literal-value.ts';
import { numberHints } from './number-hints.ts';
import { isFailing } from './ochiai.ts';

const textual = /^(method-add-text|string-|wrap-string|wrap-number)/;
const listing = /^(method-add-list|wrap-set|spread)/;
const deciding = /^(relational|equality|logical|negation|condition|boolean|if-remove|guard-add|branch-swap)/;

/**
 * What the differences between expected and actual values say about the kind of edit that is missing. Every hint is
 * general: a constant difference speaks for that constant, a changed order for what orders, a missing value for `return`.
 */
export function valueHints(execution: ExecutionResult): readonly Hint[] {
  const failing = execution.tests.filter(isFailing);
  const pairs: Pair[] = [];
  for (const test of failing) {
    const expected = readValue(test.expected);
    const actual = readValue(test.actual);
    if (expected !== null && actual !== null && !equalSeen(expected, actual))
      pairs.push({ expected, actual });
  }
  if (pairs.length === 0) return [];
  const nonePassed = !execution.tests.some(({ status }) => status === 'passed');
  return [
    ...hintsOfTypes(pairs, nonePassed),
    ...numberHints(pairs),
    ...hintsOfLists(pairs),
    ...hintsOfStrings(pairs),
  ];
}

function hintsOfTypes(pairs: readonly Pair[], nonePassed: boolean): readonly Hint[] {
  const all = (type: Seen['type']): boolean =>
    pairs.every(({ expected, actual }) => expected.type === type && actual.type === type);
  const differ = (from: Seen['type'], to: Seen['type']): boolean =>
    pairs.some(({ expected, actual }) => actual.type === from && expected.type === to);
  const hints: Hint[] = [];
  if (pairs.some(({ actual }) => actual.type === 'undefined')) {
    hints.push(
      toOperator(/^(return-add|statement-insert|statement-move)/, 1.5),
      toOperator(/^(relational|equality|offset-index|offset-bound|boolean)/, 0.7),
    );
  }
  if (all('boolean')) {
    hints.push(toOperator(textual, -0.7), toOperator(listing, -0.5));
    if (nonePassed && pairs.length > 1) {
      hints.push(
        toOperator(
          /^(boolean-invert-all|equality-negate|relational-negate|relational-flip|negation|branch-swap)/,
          1,
        ),
      );
    } else hints.push(toOperator(deciding, 0.3));
  }
  if (all('number')) hints.push(toOperator(textual, -1), toOperator(listing, -0.4));
  if (all('array')) hints.push(toOperator(/^(wrap-string|wrap-abs-other|wrap-number)/, -0.7));
  if (differ('string', 'number')) hints.push(toOperator(/^(wrap-number|sign-|call-swap)/, 1.5));
  if (differ('number', 'string')) hints.push(toOperator(/^wrap-string/, 2.5));
  if (differ('number', 'array') || differ('array', 'number'))
    hints.push(toOperator(/^(index-|call-swap|array-|spread|length)/, 1));
  return hints;
}

function hintsOfLists(pairs: readonly Pair[]): readonly Hint[] {
  const lists = pairs.flatMap(({ expected, actual }) =>
    expected.type === 'array' && actual.type === 'array'
      ? [{ expected: expected.value, actual: actual.value }]
      : [],
  );
  if (lists.length === 0) return [];
  const text = (items: readonly Seen[]): string => JSON.stringify(items);
  const keys = (items: readonly Seen[]): readonly string[] => items.map((item) => JSON.stringify(item));
  const every = (holds: (expected: readonly Seen[], actual: readonly Seen[]) => boolean): boolean =>
    lists.every(({ expected, actual }) => holds(expected, actual));
  const hints: Hint[] = [];
  if (every((expected, actual) => text(expected) === text([...actual].reverse()))) {
    hints.push(
      toText(/reverse\(\)|unshift|b - a/, 2),
      toOperator(/^(operand-swap|array-swap|call-remove|argument-swap)/, 1.5),
    );
  } else if (
    every((expected, actual) => keys(expected).toSorted().join() === keys(actual).toSorted().join())
  ) {
    hints.push(
      toText(/\.sort\(/, 2),
      toOperator(/^(operand-swap|array-swap|sort-comparator|call-swap|relational-flip)/, 1.2),
    );
  } else {
    hints.push(toText(/\.(sort|reverse)\(/, -0.8));
  }
  if (
    every(
      (expected, actual) =>
        actual.length > expected.length && new Set(keys(actual)).size === new Set(keys(expected)).size,
    )
  ) {
    hints.push(toOperator(/^wrap-set/, 2), toText(/\.includes\(/, 2), toOperator(/^statement-remove/, 1));
  }
  if (every((expected, actual) => actual.length > expected.length)) {
    hints.push(
      toOperator(/^(condition|guard|relational|equality|logical|statement-remove|offset-bound|if-)/, 0.3),
      toText(/slice/, 0.8),
    );
    hints.push(toOperator(/^statement-(insert|double)/, -1));
  }
  if (every((expected, actual) => actual.length < expected.length)) {
    hints.push(
      toOperator(/^(statement-insert|relational|equality|logical|offset-bound|number-step|if-remove)/, 0.4),
      toText(/slice|Set/, -0.8),
    );
  }
  return hints;
}

function hintsOfStrings(pairs: readonly Pair[]): readonly Hint[] {
  const strings = pairs.flatMap((pair) => textsOf(pair));
  if (strings.length === 0) return [];
  const every = (holds: (expected: string, actual: string) => boolean): boolean =>
    strings.every(([expected, actual]) => holds(expected, actual));
  const hints: Hint[] = [];
  if (every((expected, actual) => expected.toLowerCase() === actual.toLowerCase())) {
    hints.push(toText(/to(Upper|Lower)Case/, 2.5), toOperator(/^string-case/, 2.5));
  }
  if (every((expected, actual) => expected === actual.trim()))
    hints.push(toText(/trim/, 3), toOperator(/^string-/, 0.7));
  if (every((expected, actual) => expected === [...actual].reverse().join(''))) {
    hints.push(toText(/reverse/, 2.5), toOperator(/^(operand-swap|array-swap|assignment|call-)/, 1));
  }
  hints.push(({ mutation, before }) => {
    if (!mutation.operator.startsWith('string-')) return 0;
    const was = inner(before);
    const is = inner(mutation.replacement);
    const gone =
      was !== '' && strings.some(([expected, actual]) => count(actual, was) > count(expected, was));
    const come = is !== '' && strings.some(([expected, actual]) => count(expected, is) > count(actual, is));
    return (gone ? 1 : -0.3) + (come ? 1 : -0.3);
  });
  return hints;
}

function textsOf({ expected, actual }: Pair): readonly (readonly [expected: string, actual: string])[] {
  if (expected.type === 'string' && actual.type === 'string') return [[expected.value, actual.value]];
  if (expected.type !== 'array' || actual.type !== 'array') return [];
  return expected.value.flatMap((item, at) => {
    const other = actual.value[at];
    return other === undefined || equalSeen(item, other) ? [] : textsOf({ expected: item, actual: other });
  });
}

function inner(literal: string): string {
  return literal.trim().replace(/^['"`]|['"`]$/g, '');
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

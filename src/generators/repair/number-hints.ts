import { type Hint, type Pair, toOperator, toText } from './hint.ts';
import { equalSeen } from './literal-value.ts';

const numeric =
  /^(number-|offset-|arithmetic|operand-|assignment|sign-|update|wrap-abs|wrap-round|initial-value|variable-constant|constant-|regroup)/;
/** What numbers at the same places of expected and actual values say. */
export function numberHints(pairs: readonly Pair[]): readonly Hint[] {
  const numbers = pairs.flatMap(numbersOf);
  if (numbers.length === 0) return [];
  const every = (holds: (expected: number, actual: number) => boolean): boolean =>
    numbers.every(([expected, actual]) => holds(expected, actual));
  const near = (left: number, right: number): boolean =>
    Math.abs(left - right) <= 1e-9 * Math.max(1, Math.abs(left));
  const hints: Hint[] = [];
  if (every((_, actual) => Number.isNaN(actual)))
    hints.push(
      toOperator(/^(offset-index|offset-bound|relational-boundary|variable|initial|wrap-number|spread)/, 1),
    );
  if (every((expected, actual) => near(expected, -actual)))
    hints.push(toOperator(/^(sign-|operand-swap|number-sign|wrap-abs)/, 2.5));
  if (every((expected, actual) => near(expected, Math.abs(actual)))) hints.push(toOperator(/^wrap-abs/, 2));
  for (const name of ['floor', 'ceil', 'round', 'trunc'] as const) {
    if (every((expected, actual) => expected === Math[name](actual) && expected !== actual)) {
      hints.push(toText(new RegExp(`Math\\.${name}\\(`), 2.5));
    }
  }
  if (every((expected, actual) => Number.isInteger(actual) && !Number.isInteger(expected))) {
    hints.push(({ mutation, before }) =>
      mutation.operator === 'call-remove' && before.includes('Math.') ? 2 : 0,
    );
  }
  const [firstExpected, firstActual] = numbers[0] ?? [0, 0];
  const difference = firstExpected - firstActual;
  if (every((expected, actual) => near(expected - actual, difference)))
    hints.push(byDifference(difference, numbers.length));
  const ratio = firstExpected / firstActual;
  if (Number.isFinite(ratio) && ratio !== 0 && every((expected, actual) => near(expected, actual * ratio))) {
    hints.push(byRatio(ratio, numbers.length));
  }
  if (every((expected, actual) => Math.abs(expected - actual) === 1)) {
    hints.push(toOperator(/^(offset-|number-step|relational-boundary|initial-value|statement-)/, 0.6));
  }
  return hints;
}

/** Numbers that stand at the same place of both values. */
function numbersOf({ expected, actual }: Pair): readonly (readonly [expected: number, actual: number])[] {
  if (expected.type === 'number' && actual.type === 'number') return [[expected.value, actual.value]];
  if (expected.type !== 'array' || actual.type !== 'array' || expected.value.length !== actual.value.length)
    return [];
  return expected.value.flatMap((item, at) => {
    const other = actual.value[at];
    if (other === undefined || equalSeen(item, other)) return [];
    return numbersOf({ expected: item, actual: other });
  });
}

function byDifference(difference: number, count: number): Hint {
  const bonus = count > 1 ? 2 : 1;
  return ({ mutation, before }) => {
    const { operator, replacement } = mutation;
    if (/^(number-|initial-value)/.test(operator)) {
      return Math.abs(Number(replacement) - Number(before)) === Math.abs(difference) ? bonus : -0.3;
    }
    if (operator.startsWith('offset-')) return Math.abs(difference) === 1 ? bonus * 0.7 : -0.3;
    if (operator === 'operand-drop') {
      return before.replaceAll(/[\s()]/g, '').slice(1) === String(Math.abs(difference)) ? bonus : 0;
    }
    return numeric.test(operator) ? 0.1 : -0.3;
  };
}

function byRatio(ratio: number, count: number): Hint {
  const bonus = count > 1 ? 1.8 : 0.8;
  return ({ mutation, before }) => {
    const { operator, replacement } = mutation;
    if (/^number-/.test(operator)) {
      const change = Number(replacement) / Number(before);
      return change === ratio || change === 1 / ratio ? bonus : 0;
    }
    if (operator === 'operand-drop' && /^\s*[*/]/.test(before)) return bonus;
    return operator === 'arithmetic' ? 0.3 : 0;
  };
}

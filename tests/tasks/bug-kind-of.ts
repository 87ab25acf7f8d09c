import type { Mutation } from '../../src/mutation/mutation.ts';
import type { BugKind } from '../../src/tasks/starter/frozen-bug.ts';

/**
 * Which mistakes people make the edit operators stand for. The operators exist to repair programs and many make edits
 * that nobody makes by mistake (wrapping a call, inserting a conversion); those are not listed and not used.
 */
const operatorsOfKind: Readonly<Record<Exclude<BugKind, 'several'>, readonly string[]>> = {
  comparison: [
    'relational-boundary',
    'relational-flip',
    'relational-negate',
    'relational-equality',
    'equality-negate',
  ],
  condition: [
    'logical',
    'negation-add',
    'negation-remove',
    'condition-drop',
    'boolean',
    'branch-swap',
    'ternary-drop',
  ],
  arithmetic: ['arithmetic', 'assignment', 'operand-swap', 'sign-add', 'sign-remove', 'update', 'regroup'],
  'off-by-one': [
    'offset-bound',
    'offset-index',
    'offset-value',
    'offset-argument',
    'number-step',
    'length-drop',
    'update-step',
  ],
  constant: ['number-small', 'number-sign', 'initial-value', 'string-shorten', 'array-drop'],
  variable: ['variable', 'variable-target', 'element-index', 'argument-swap', 'array-swap'],
  call: ['call-swap', 'call-remove', 'argument-drop', 'sort-comparator', 'spread'],
  'missing-code': [
    'statement-remove',
    'if-remove',
    'else-remove',
    'operand-drop',
    'index-drop',
    'initial-element',
  ],
  'misplaced-code': [
    'statement-swap',
    'statement-move-out',
    'statement-move-in',
    'statement-double',
    'jump-swap',
    'else-join',
    'update-order',
  ],
  return: ['return-remove', 'guard-return', 'jump-add'],
};

const kindOfOperator = new Map(
  Object.entries(operatorsOfKind).flatMap(([kind, operators]) =>
    operators.map((operator) => [operator, kind as BugKind] as const),
  ),
);

/** Slips between arithmetic signs, as `from to`. */
const arithmeticSlips = new Set(['+ -', '- +', '+ *', '* +', '* /', '/ *', '% /']);
const linesMovedMax = 5;

/** The kind of bug an edit makes, or null when it is not one that people make. */
export function bugKindOf(source: string, { operator, range, replacement }: Mutation): BugKind | null {
  const before = source.slice(range.start, range.end);
  const kind = kindOfOperator.get(operator) ?? null;
  switch (operator) {
    case 'arithmetic':
      return arithmeticSlips.has(`${before} ${replacement}`) ? kind : null;
    case 'assignment':
      // `+=` written as `=` or `-=` is a slip; `=` written as `*=` is not.
      return before === '' || before === '=' ? null : kind;
    case 'negation-add':
      return /(\b(if|while) \(|&& |\|\| )$/.test(source.slice(0, range.start)) ? kind : null;
    case 'argument-drop':
      return before.includes(',') ? kind : null;
    default:
      return before.split('\n').length > linesMovedMax ? null : kind;
  }
}

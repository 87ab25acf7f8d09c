/**
 * How plausible each kind of edit is as a repair, per single edit, in coarse steps: how often an edit of that kind repairs
 * a small program, divided by how many edits of that kind there are. Set from the even-numbered half of a public suite of
 * seeded bugs and rounded; only the proportions count. A kind not listed weighs 4.
 */
const weights: readonly (readonly [weight: number, operators: string])[] = [
  [200, 'return-add branch-swap boolean-invert-all spread sort-comparator'],
  [80, 'sign-remove negation-add negation-remove string-opposite call-repeat ternary-drop'],
  [50, 'equality-negate offset-factor relational-boundary'],
  [35, 'relational-flip argument-drop operand-drop arithmetic logical boolean'],
  [28, 'regroup offset-value array-swap if-remove call-remove'],
  [22, 'number-step condition-constant condition-drop assignment'],
  [
    18,
    'index-add guard-add condition-copy condition-add offset-bound variable equality-relational statement-remove',
  ],
  [16, 'statement-insert relational-negate operand-swap string-empty string-shorten jump-swap else-join'],
  [12, 'number-known variable-constant variable-other length-drop statement-move-out jump-add wrap-abs'],
  [
    10,
    'offset-index number-scale number-small number-sign call-swap update-step wrap-round array-drop return-constant',
  ],
  [7, 'relational-equality constant-variable wrap-number method-add-list statement-swap constant-length'],
  [6, 'statement-move-in wrap-set index-drop accumulator-reset update number-hint string-blank string-known'],
  [4, 'method-add-list-other variable-target constant-variable-other variable-length initial-value'],
  [3, 'string-hint wrap-abs-other method-add-text initial-element wrap-round-other guard-return'],
  [
    1.5,
    'equality-strictness statement-double update-order wrap-string return-remove string-double string-case',
  ],
];

const priors: ReadonlyMap<string, number> = new Map(
  weights.flatMap(([weight, operators]) =>
    operators.split(' ').map((operator) => [operator, Math.log(weight)]),
  ),
);

/** Natural logarithm of the operator's weight. */
export function logPrior(operator: string): number {
  return priors.get(operator) ?? Math.log(4);
}

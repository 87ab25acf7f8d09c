/** Something in a line of improvement that no rule allows, or that its own evidence does not bear out. */
export interface LineProblem {
  readonly position: number;
  readonly code: 'RULE_BROKEN' | 'DECISION_DIFFERS';
  readonly message: string;
}

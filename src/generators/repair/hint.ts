import type { Mutation } from '../../mutation/mutation.ts';
import type { Seen } from './literal-value.ts';

/** What one failing test wanted and got. */
export interface Pair {
  readonly expected: Seen;
  readonly actual: Seen;
}

/** What the text of an edit is judged by; `before` is what it replaces. */
interface EditText {
  readonly mutation: Mutation;
  readonly before: string;
}

/** Adds to the logarithm of an edit's weight. */
export type Hint = (edit: EditText) => number;

export const toOperator =
  (pattern: RegExp, bonus: number): Hint =>
  ({ mutation }) =>
    pattern.test(mutation.operator) ? bonus : 0;
export const toText =
  (pattern: RegExp, bonus: number): Hint =>
  ({ mutation }) =>
    pattern.test(mutation.replacement) ? bonus : 0;

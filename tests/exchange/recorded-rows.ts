import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Rows of a recorded run and of its tasks, in the shape in which such files are published. */

export interface Row {
  readonly task_id: string;
  readonly entry_point: string;
  readonly given_tests: readonly string[];
  readonly generated_test?: readonly string[];
  readonly implementations: readonly string[];
  readonly test_feedback: readonly (readonly string[])[];
  readonly solution: string;
  readonly is_passing: boolean;
  readonly is_solved: boolean;
  readonly token_nums?: number;
}

export const tests = ['assert double(2) == 4', 'assert double(3) == 6'];

export const right = 'def double(x):\n    return 2 * x\n';
export const wrong = 'def double(x):\n    return x\n';
export const wronger = 'def double(x):\n    return None\n';

/** A row that is fine: wrong, told why, wrong again, then right. */
export const row = (number: number, changes: Partial<Row> = {}): Row => ({
  task_id: `HumanEval/${number}`,
  entry_point: 'double',
  given_tests: tests,
  generated_test: tests,
  implementations: [wrong, wrong, right],
  test_feedback: [
    [`${tests[0]} # Real Execution Output: 2`, `${tests[1]} # Real Execution Output: 3`],
    [`${tests[0]} # Real Execution Output: 2`, `${tests[1]} # Real Execution Output: 3`],
    [],
  ],
  solution: right,
  is_passing: true,
  is_solved: true,
  token_nums: 100,
  ...changes,
});

const task = (number: number): object => ({
  task_id: `HumanEval/${number}`,
  prompt: 'def double(x):\n    """Twice x."""\n',
  entry_point: 'double',
  canonical_solution: '    return 2 * x\n',
  test: 'def check(candidate):\n    assert candidate(5) == 10\n',
  given_tests: tests,
});

export const linesOf = (rows: readonly object[]): string =>
  rows.map((each) => `${JSON.stringify(each)}\n`).join('');

/** Writes tasks `HumanEval/0` … and gives the path. */
export function writeTasks(directory: string, count: number): string {
  const path = join(directory, 'tasks.jsonl');
  writeFileSync(path, linesOf(Array.from({ length: count }, (_, number) => task(number))));
  return path;
}

export function writeRows(
  directory: string,
  content: string | Uint8Array,
  name = 'toy.results.jsonl',
): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

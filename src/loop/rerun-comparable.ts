import type { ExecutionException, ExecutionResult } from '../events/execution-result.ts';
import type { Json } from '../kernel/json.ts';

/** How much of two executions is held against each other: all that the interpreter did, or what they came to. */
export type Comparison = 'whole' | 'verdicts';

/**
 * What decided an execution of commands: how each test ended, with which exit code, and what it printed where that is compared.
 * What commands tell beside that (what a test runner or a compiler says, standard error) may hold times and addresses.
 */
export function judgedPart({ outcome, tests, error, steps }: ExecutionResult): Json {
  return {
    outcome,
    error: error === null ? null : { type: error.type, exitCode: exitCodeOf(error) },
    steps,
    // The exit code of a test command, and of a case with output that ended with another one, stands in `actual`.
    tests: tests.map(({ id, status, input, expected, actual, exception }) => ({
      ...{ id, status, input, expected, actual },
      exception: exception?.type ?? null,
    })),
  };
}

/** What any interpreter must come to: the outcome, and the status of each test. */
export function verdictPart({ outcome, tests }: ExecutionResult): Json {
  return { outcome, tests: tests.map(({ id, status }) => ({ id, status })) };
}

/** A build that failed says its exit code first, and then what the compiler said. */
function exitCodeOf({ type, message }: ExecutionException): string | null {
  return type === 'BuildFailed' ? (message.split('\n')[0] ?? null) : null;
}

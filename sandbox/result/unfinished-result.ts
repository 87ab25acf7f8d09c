import type { ExecutionException, ExecutionResult, Outcome } from '../../src/events/execution-result.ts';
import type { TestSpec } from '../../src/events/test-spec.ts';

/** The result when the engine could not give one: nothing is known but how it ended. Cases are listed as not run. */
export function unfinishedResult(
  outcome: Outcome,
  tests: TestSpec,
  error: ExecutionException,
): ExecutionResult {
  const cases = tests.kind === 'cases' ? tests.cases : [];
  return {
    outcome,
    tests: cases.map((testCase) => ({
      id: testCase.id,
      status: 'not_run' as const,
      input: testCase.call,
      expected: testCase.expected,
      actual: null,
      exception: null,
      steps: 0,
      covered: null,
    })),
    error,
    stdout: { text: '', bytesTotal: 0, truncated: false },
    stderr: { text: '', bytesTotal: 0, truncated: false },
    steps: 0,
    statements: null,
  };
}

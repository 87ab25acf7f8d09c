import type { ExecutionResult, TestResult } from '../../events/execution-result.ts';
import type { SourceRange } from '../../mutation/mutation.ts';

export interface Suspicion {
  /** Suspiciousness in [0, 1] of the innermost statement at this offset; null where no statement is known. */
  at(offset: number): number | null;
  /** True where some failing test reached the innermost statement at this offset. */
  reached(offset: number): boolean;
}

/**
 * Ochiai suspiciousness of statements from which tests reached them:
 * `failed(s) / sqrt(totalFailed * (failed(s) + passed(s)))`, where failed(s) and passed(s) count the failing and passing
 * tests that executed statement s. Source: Abreu, Zoeteweij, van Gemund, "On the accuracy of spectrum-based fault
 * localization", TAIC PART 2007.
 *
 * @returns null when there is no coverage or no failing test
 */
export function ochiai(execution: ExecutionResult): Suspicion | null {
  const { statements } = execution;
  const ran = execution.tests.filter((test) => test.covered !== null && test.covered.length > 0);
  const failing = ran.filter(isFailing);
  if (statements === null || failing.length === 0) return null;
  const failed = new Array<number>(statements.length).fill(0);
  const passed = new Array<number>(statements.length).fill(0);
  for (const test of ran) {
    const counts = isFailing(test) ? failed : passed;
    for (const index of test.covered ?? []) counts[index] = (counts[index] ?? 0) + 1;
  }
  const innermost = (offset: number): number | null => innermostAt(statements, offset);
  return {
    at: (offset) => {
      const index = innermost(offset);
      if (index === null) return null;
      const hits = failed[index] ?? 0;
      return hits === 0 ? 0 : hits / Math.sqrt(failing.length * (hits + (passed[index] ?? 0)));
    },
    reached: (offset) => {
      const index = innermost(offset);
      return index === null || (failed[index] ?? 0) > 0;
    },
  };
}

/** A test that was cut short by a limit counts as failing: it is where the program hangs. */
export function isFailing(test: TestResult): boolean {
  return (
    test.status === 'failed' ||
    test.status === 'error' ||
    (test.status === 'not_run' && test.covered !== null)
  );
}

function innermostAt(statements: readonly SourceRange[], offset: number): number | null {
  let best: number | null = null;
  let size = Number.POSITIVE_INFINITY;
  for (const [index, { start, end }] of statements.entries()) {
    if (start <= offset && offset < end && end - start < size) {
      best = index;
      size = end - start;
    }
  }
  return best;
}

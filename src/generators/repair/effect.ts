import type { ExecutionResult, TestResult } from '../../events/execution-result.ts';
import { isFailing } from './ochiai.ts';

/** How an edit changed what the tests saw. */
export interface Effect {
  readonly mended: number;
  readonly broken: number;
  /** A failing test fails in another way. */
  readonly moved: boolean;
}

export function effectOf(before: ExecutionResult, after: ExecutionResult): Effect {
  const now = new Map(after.tests.map((test) => [test.id, test]));
  let mended = 0;
  let broken = 0;
  let moved = false;
  for (const test of before.tests) {
    const later = now.get(test.id);
    if (isFailing(test)) {
      if (later?.status === 'passed') mended += 1;
      else if (later !== undefined && saw(later) !== saw(test)) moved = true;
    } else if (test.status === 'passed' && later?.status !== 'passed') broken += 1;
  }
  return { mended, broken, moved };
}

function saw(test: TestResult): string {
  return `${test.status} ${test.actual ?? ''} ${test.exception?.type ?? ''}`;
}

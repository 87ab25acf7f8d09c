import type { ExecutionResult } from '../events/execution-result.ts';
import type { Ending } from './rerun-check.ts';
import type { FreshExecution } from './rerun-executor.ts';

/** What an execution came to, for an `ExecutionCheck`. */
export function endingOf({ result, wallMs }: FreshExecution): Ending {
  return { outcome: result.outcome, ...countsOf(result), steps: result.steps, wallMs };
}

/** Tests that passed, and all. */
export function countsOf({ tests }: ExecutionResult): { readonly passed: number; readonly total: number } {
  return { passed: tests.filter(({ status }) => status === 'passed').length, total: tests.length };
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

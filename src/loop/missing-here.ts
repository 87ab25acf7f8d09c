import type { ExecutionResult } from '../events/execution-result.ts';

/** Python's ways of saying that the machine does not have what a program asks for. */
const absences: ReadonlySet<string> = new Set(['ModuleNotFoundError', 'ImportError', 'PermissionError']);

/** What of the machine a program asked for in vain, in words; empty where it had all. */
export function missingHere({ error, tests }: ExecutionResult): string {
  const exceptions = [error, ...tests.map(({ exception }) => exception)];
  const found = exceptions.find((exception) => exception !== null && absences.has(exception.type));
  return found ? `the sandbox does not have it: ${found.type}: ${found.message}` : '';
}

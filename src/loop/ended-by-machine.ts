import type { ExecutionResult } from '../events/execution-result.ts';

/**
 * What of the machine ended an execution: its clock, or the memory of the thread that the interpreter runs in. Neither is
 * counted inside the interpreter, so such a result does not come out again byte for byte. Null for every other end: steps,
 * output and the candidate's own memory are counted inside.
 */
export function endedByMachine({
  outcome,
  error,
}: Pick<ExecutionResult, 'outcome' | 'error'>): 'clock' | 'memory' | null {
  if (outcome === 'timeout' && error?.type === 'TimeLimitExceeded') return 'clock';
  if (outcome === 'out_of_memory' && error?.type === 'OutOfMemory') return 'memory';
  return null;
}

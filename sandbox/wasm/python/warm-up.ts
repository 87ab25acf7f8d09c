import type { ExecutionResult } from '../../../src/events/execution-result.ts';
import type { ExecutionRequest } from '../../sandbox.ts';
import type { PythonApi } from './c-api.ts';

export function warmUp(
  _execute: (request: ExecutionRequest) => ExecutionResult,
  _api: PythonApi,
  restore: () => void,
): () => void {
  return restore;
}

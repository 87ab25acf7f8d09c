import type { ExecutionResult } from '../../src/events/execution-result.ts';
import type { Fingerprint } from '../../src/events/run.ts';
import type { ExecutionRequest } from '../sandbox.ts';
import type { RemoteLine } from './remote-line.ts';

/**
 * One interpreter inside one worker thread. The pool loads the engine's module in a worker and calls `boot` once; then one
 * `execute` at a time. A hanging or crashed engine is ended by the pool, which terminates the whole thread.
 */
export interface Engine {
  readonly fingerprint: Fingerprint;
  /**
   * Must leave nothing behind: the next call starts from the same state as the first. With a line the candidate is at its
   * other end, and only the tests run here; what it printed is not in the result then.
   */
  execute(request: ExecutionRequest, line: RemoteLine | null): Promise<ExecutionResult> | ExecutionResult;
}

/** What an engine module exports under the name `boot`. */
export type BootEngine = (options: EngineOptions) => Promise<Engine>;

/** What the pool gives an engine for its whole life. */
export interface EngineOptions {
  /**
   * Shared with the pool. Index 0 becomes non-zero when the wall clock of the current execution has run out and the engine
   * should stop by itself; the pool terminates the thread if it has not stopped a grace period later.
   */
  readonly interrupt: Int32Array;
}

import type { MessagePort } from 'node:worker_threads';
import type { ExecutionResult } from '../../src/events/execution-result.ts';
import type { Fingerprint } from '../../src/events/run.ts';
import type { ExecutionRequest } from '../sandbox.ts';

/** What the pool hands to a new worker thread. */
export interface WorkerSetup {
  /** URL of the module that exports `boot: BootEngine`. */
  readonly engineUrl: string;
  readonly interrupt: Int32Array;
}

/** Pool to worker. The ordinal ties an answer to its request. */
export interface ExecuteMessage {
  readonly ordinal: number;
  readonly request: ExecutionRequest;
  /** Where the candidate is when it does not run in this thread: the port is transferred, the flag shared. */
  readonly line: { readonly port: MessagePort; readonly answered: Int32Array } | null;
}

/** Worker to pool. */
export type WorkerMessage =
  | { readonly kind: 'ready'; readonly fingerprint: Fingerprint }
  | { readonly kind: 'boot_failed'; readonly message: string }
  | {
      readonly kind: 'finished';
      readonly ordinal: number;
      readonly result: ExecutionResult;
      readonly wallMs: number;
    }
  /** The engine threw, which is a fault of ours: engines answer with outcomes. The pool replaces the thread. */
  | {
      readonly kind: 'engine_failed';
      readonly ordinal: number;
      readonly message: string;
      readonly wallMs: number;
    };

/** Written into `interrupt[0]` when the wall clock has run out. Two is SIGINT, which Pyodide understands as it is. */
export const interruptValue = 2;

import type { ExecutionResult } from '../src/events/execution-result.ts';
import type { Fingerprint } from '../src/events/run.ts';
import type { ExecutionLimits, Language } from '../src/events/task-view.ts';
import type { TestSpec } from '../src/events/test-spec.ts';

/** One program, run once against one set of tests, from a fresh interpreter state. */
export interface ExecutionRequest {
  readonly language: Language;
  /** Source run before the candidate (imports, helpers); its lines do not count as the candidate's. */
  readonly prelude: string;
  readonly program: string;
  readonly tests: TestSpec;
  readonly limits: ExecutionLimits;
  /** Seeds time and randomness inside; derived from the execution's inputs, so that equal inputs give equal bytes. */
  readonly seed: string;
  /** Ask for statement coverage per test. */
  readonly coverage: boolean;
}

/** What the machine spent on one execution, as its kernel counted it; volatile. Null: not counted here. */
export interface ResourceUsage {
  /** Processor time of the candidate's processes, milliseconds. */
  readonly cpuMs: number | null;
  /** The most memory that was in use at one time, bytes. */
  readonly peakBytes: number | null;
  /** Page faults answered without reading a disk, and those that needed one. */
  readonly minorFaults: number | null;
  readonly majorFaults: number | null;
  /** Of the whole container, where the driver was given a counter (`profile/perf-counter.ts`). */
  readonly instructions?: number | null;
  readonly syscalls?: number | null;
}

/** What one execution came to. */
export interface Execution {
  /** Deterministic for equal requests on an equal fingerprint, except where the wall clock ended it. */
  readonly result: ExecutionResult;
  /** Real time, milliseconds; volatile. */
  readonly wallMs: number;
  /** Absent where the driver counts nothing of the kind. */
  readonly usage?: ResourceUsage;
}

/**
 * The port of every driver. A misbehaving candidate is an outcome in the result. What is our own fault is an outcome
 * `sandbox_error`, or a rejection with `SANDBOX_FAILED` / `SANDBOX_CLOSED` / `SANDBOX_LANGUAGE`, never a candidate's failure.
 */
export interface Sandbox {
  readonly languages: readonly Language[];
  /** What executes this language; recorded with every run. */
  fingerprint(language: Language): Promise<Fingerprint>;
  /** Queues when all workers are busy. Aborting the signal rejects with the signal's reason and kills the execution. */
  execute(request: ExecutionRequest, signal?: AbortSignal): Promise<Execution>;
  /** Ends all workers. Idempotent. */
  close(): Promise<void>;
}

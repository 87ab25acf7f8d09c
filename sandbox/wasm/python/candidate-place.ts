import type { ExecutionException } from '../../../src/events/execution-result.ts';

/** Where the candidate of one execution runs: in the interpreter of its tests, or elsewhere. */
export interface CandidatePlace {
  /** The namespace of the tests, with the candidate's names once it has been loaded. */
  readonly globals: number;
  /** Steps that the candidate has taken. */
  readonly steps: number;
  /** Runs the prelude and the program. @throws PythonRaised, Stop */
  load(code: { readonly prelude: number; readonly candidate: number }): void;
  describe(exception: number): ExecutionException;
}

import type { Outcome } from '../../../src/events/execution-result.ts';

/**
 * Thrown by an import of the WebAssembly module to end an execution at once. It unwinds every WebAssembly frame; Python
 * cannot catch it, because the interpreter never sees it. What it leaves behind is undone by the next restore.
 */
export class Stop extends Error {
  readonly outcome: Outcome;
  /** Name of the exception the candidate's author would recognise, for example `SystemExit`. */
  readonly type: string;

  constructor(outcome: Outcome, type: string, message: string) {
    super(message);
    this.outcome = outcome;
    this.type = type;
  }
}

import type { Outcome } from '../../src/events/execution-result.ts';

/**
 * The way from a test that runs in an interpreter of ours to a candidate that runs elsewhere. The tests never go along it:
 * only what a test passes to the candidate goes out, and only values come back.
 */
export interface CandidateLine {
  /** Sends one message to the candidate's process and waits for its answer. Never rejects. */
  ask(message: Uint8Array): Promise<LineAnswer>;
  /** Ends the candidate from outside (the wall clock): an `ask` that waits is answered `ended`. Idempotent. */
  end(end: LineEnd): void;
}

export type LineAnswer =
  | { readonly kind: 'message'; readonly bytes: Uint8Array }
  | { readonly kind: 'ended'; readonly end: LineEnd };

/** Why the candidate answers no more, as it goes into the result. */
export interface LineEnd {
  readonly outcome: Exclude<Outcome, 'passed'>;
  /** Like the name of an exception, for example `TimeLimitExceeded`. */
  readonly type: string;
  readonly message: string;
}

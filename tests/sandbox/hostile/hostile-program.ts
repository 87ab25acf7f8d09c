import type { Outcome } from '../../../src/events/execution-result.ts';
import type { CalledLanguage, ExecutionLimits } from '../../../src/events/task-view.ts';
import type { TestSpec } from '../../../src/events/test-spec.ts';

/** What a hostile program is after; the page on threats has a row for each. */
export const families = [
  'processes',
  'signals',
  'memory',
  'storage',
  'output',
  'time',
  'ending early',
  'forging a result',
  'patching the harness',
  'equality that holds',
  'reading the tests',
  'network',
  'what the host is',
  'devices and the kernel',
  'privileges',
  'leaving something behind',
  'bombs',
  'strange values',
] as const;
export type Family = (typeof families)[number];

/** The drivers and levels that every program is run against. */
export const drivers = ['wasm', 'execution', 'batch'] as const;
export type Driver = (typeof drivers)[number];

/** What must come of a program. What is not stated is not looked at, because it depends on when the end came. */
export interface Ending {
  readonly outcome: Outcome;
  /** Type of the result's own error; null: there must be none. */
  readonly error?: string | null;
  /** What `attempt()` gives: what the program met when it tried. A program that only can try proves so by this. */
  readonly answer?: string;
  /** The status of each test, in order, without the one that holds the secret. */
  readonly statuses?: readonly string[];
  /** Type of each test's exception, in the same order; null: none. */
  readonly exceptions?: readonly (string | null)[];
  /** The program reached what it must not reach, or passed with a wrong answer: what it shows, in words. Counted. */
  readonly limitation?: string;
}

export interface HostileProgram {
  /** Unique; completes the sentence "a program that …". */
  readonly name: string;
  readonly family: Family;
  readonly language: CalledLanguage;
  /** `{{PORT}}`, `{{ABSTRACT}}`, `{{SOCKET}}`, `{{FILE}}`, `{{ADDRESS}}`, `{{PID}}` stand for facts of the testing host. */
  readonly program: string;
  /**
   * In place of `f(1)` = 1 and `f(2)` = 2, or of `attempt()` where an answer is expected. `{{SECRET}}` is a value that only
   * the tests know.
   */
  readonly tests?: TestSpec;
  /** Has `attempt()` for its tests to call, also where no answer of it is expected. */
  readonly isProbe?: boolean;
  readonly limits?: Partial<ExecutionLimits>;
  readonly coverage?: boolean;
  readonly expected: Readonly<Partial<Record<Driver, Ending>>> & {
    readonly wasm: Ending;
    readonly docker: Ending;
  };
  /** Run next in the same sandbox: `attempt()` must give this answer, which is that nothing is there. */
  readonly next?: { readonly program: string; readonly wasm: string; readonly docker: string };
}

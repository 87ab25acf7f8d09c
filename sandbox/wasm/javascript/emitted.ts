import type { ExecutionException, TestResult } from '../../../src/events/execution-result.ts';

/** What the guest's `report.js` sends, one JSON text a call. */
type Emitted =
  | (Omit<TestResult, 'exception'> & { readonly exception: Thrown | null })
  | (Thrown & { readonly failure: 'load' | 'prelude' | 'script' })
  | { readonly more: TestResult['status'] };

interface Thrown {
  readonly type: string;
  readonly message: string;
  readonly stack: string;
}

export const programFile = 'program.js';

/** Everything an execution has told so far. */
export interface EmittedLog {
  add(json: string): void;
  readonly tests: TestResult[];
  /** Statuses of tests past the number that is kept. */
  readonly unkept: TestResult['status'][];
  failure(): ExecutionException | null;
  outOfMemory(): boolean;
}

/** @param memoryWasRefused the interpreter was denied memory in this execution */
export function createEmittedLog(memoryWasRefused: () => boolean, isRemote: boolean): EmittedLog {
  const tests: TestResult[] = [];
  const unkept: TestResult['status'][] = [];
  let failure: ExecutionException | null = null;
  let outOfMemory = false;
  const read = (thrown: Thrown): ExecutionException => {
    // Without memory for an error object QuickJS throws null.
    // Of a candidate elsewhere, in V8's words: its process was denied the addresses.
    if (isRemote && thrown.type === 'RangeError' && thrown.message === 'Array buffer allocation failed')
      outOfMemory = true;
    const withoutError = thrown.type === 'thrown null' && memoryWasRefused();
    if (withoutError || (thrown.type === 'InternalError' && thrown.message === 'out of memory'))
      outOfMemory = true;
    if (withoutError) return { type: 'InternalError', message: 'out of memory', line: null };
    return { type: thrown.type, message: thrown.message, line: programLine(thrown.stack) };
  };
  return {
    tests,
    unkept,
    add: (json) => {
      const emitted = JSON.parse(json) as Emitted;
      if ('more' in emitted) unkept.push(emitted.more);
      else if ('failure' in emitted) failure ??= read(emitted);
      else tests.push({ ...emitted, exception: emitted.exception === null ? null : read(emitted.exception) });
    },
    failure: () => failure,
    outOfMemory: () => outOfMemory,
  };
}

/** The innermost frame in the candidate's own source. */
export function programLine(stack: string): number | null {
  const match = /program\.js:(\d+)/u.exec(stack);
  return match?.[1] === undefined ? null : Number(match[1]);
}

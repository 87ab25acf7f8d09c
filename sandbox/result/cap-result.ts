import type { ExecutionException, ExecutionResult, TestResult } from '../../src/events/execution-result.ts';
import { capText, textCharsMax } from './cap-text.ts';

/** Tests kept in one result. */
export const testsMax = 10_000;
/** UTF-8 bytes of one result as JSON. */
export const resultBytesMax = 1_048_576;

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

const capException = (exception: ExecutionException | null, charsMax: number): ExecutionException | null =>
  exception === null
    ? null
    : {
        type: capText(exception.type, Math.min(charsMax, 200)),
        message: capText(exception.message, charsMax),
        line: exception.line,
      };

const capTest = (test: TestResult, charsMax: number, withCoverage: boolean): TestResult => ({
  id: capText(test.id, Math.min(charsMax, 200)),
  status: test.status,
  input: capText(test.input, charsMax),
  expected: test.expected === null ? null : capText(test.expected, charsMax),
  actual: test.actual === null ? null : capText(test.actual, charsMax),
  exception: capException(test.exception, charsMax),
  steps: test.steps,
  covered: withCoverage ? test.covered : null,
});

/** Passed tests go first, from the end, then the others; what stays keeps its order. */
function keepTests(tests: readonly TestResult[], count: number): readonly TestResult[] {
  if (tests.length <= count) return tests;
  const others = tests.filter((test) => test.status !== 'passed').length;
  let passedKept = Math.max(0, count - others);
  let othersKept = count - passedKept;
  return tests.filter((test) => (test.status === 'passed' ? passedKept-- > 0 : othersKept-- > 0));
}

function withTests(result: ExecutionResult, tests: readonly TestResult[]): ExecutionResult {
  const missing = result.tests.length - tests.length;
  const note = `${missing} of ${result.tests.length} tests are left out of this result because it grew too large.`;
  const error =
    result.error ?? (missing === 0 ? null : { type: 'ResultTruncated', message: note, line: null });
  return { ...result, tests: [...tests], error };
}

/**
 * Bounds a result so that it can be stored whatever the candidate did: every text, the number of tests and the whole size.
 * The same result is always cut the same way. The outcome is never touched: it was decided on everything.
 */
export function capResult(result: ExecutionResult): ExecutionResult {
  const error = capException(result.error, textCharsMax);
  const capped = result.tests.map((test) => capTest(test, textCharsMax, true));
  const whole = { ...result, error, tests: capped };
  const base = withTests(whole, keepTests(capped, testsMax));
  if (bytesOf(base) <= resultBytesMax) return base;

  for (const charsMax of [500, 100, 20]) {
    const tests = base.tests.map((test) => capTest(test, charsMax, charsMax > 100));
    const smaller = { ...base, tests, ...(charsMax > 100 ? {} : { statements: null }) };
    if (bytesOf(smaller) <= resultBytesMax) return smaller;
  }
  return shrink(whole, base.tests);
}

/** The last resort: the texts that the program printed share a quarter of the room, the tests get the rest. */
function shrink(whole: ExecutionResult, kept: readonly TestResult[]): ExecutionResult {
  const outputCharsMax = Math.floor(resultBytesMax / 8 / 6); // a UTF-16 unit takes at most six bytes of JSON
  const cut = (output: ExecutionResult['stdout']): ExecutionResult['stdout'] =>
    output.text.length <= outputCharsMax
      ? output
      : { ...output, text: capText(output.text, outputCharsMax), truncated: true };
  const small = { ...whole, statements: null, stdout: cut(whole.stdout), stderr: cut(whole.stderr) };
  let tests: readonly TestResult[] = kept.map((test) => capTest(test, 20, false));
  let shrunk = withTests(small, tests);
  while (bytesOf(shrunk) > resultBytesMax && tests.length > 0) {
    tests = keepTests(tests, Math.floor(tests.length * 0.8));
    shrunk = withTests(small, tests);
  }
  return shrunk;
}

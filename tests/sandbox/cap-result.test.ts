import { describe, expect, it } from 'vitest';
import { capResult, resultBytesMax } from '../../sandbox/result/cap-result.ts';
import { capText } from '../../sandbox/result/cap-text.ts';
import {
  type ExecutionResult,
  executionResultSchema,
  type TestResult,
} from '../../src/events/execution-result.ts';

const test = (index: number, changes: Partial<TestResult> = {}): TestResult => ({
  id: `case-${index}`,
  status: 'passed',
  input: 'f()',
  expected: '1',
  actual: '1',
  exception: null,
  steps: 1,
  covered: null,
  ...changes,
});
const output = { text: '', bytesTotal: 0, truncated: false };
const result = (tests: TestResult[], changes: Partial<ExecutionResult> = {}): ExecutionResult => ({
  outcome: 'failed',
  tests,
  error: null,
  stdout: output,
  stderr: output,
  steps: 0,
  statements: null,
  ...changes,
});
const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('capping a result', () => {
  it('leaves a small result as it is', () => {
    const small = result([test(1), test(2, { status: 'failed', covered: [1, 2] })]);
    expect(capResult(small)).toEqual(small);
  });

  it('marks what it cuts off a text and splits no character', () => {
    expect(capText('abcdef', 4)).toBe('abcd… [2 more characters]');
    expect(capText('abc😀def', 4)).toBe('abc… [5 more characters]');
    expect(capText('abcd', 4)).toBe('abcd');
    const capped = capResult(result([test(1, { actual: 'x'.repeat(5_000) })]));
    expect(capped.tests[0]?.actual).toBe(`${'x'.repeat(2_000)}… [3000 more characters]`);
  });

  it('keeps failures before passes when there are too many tests, and says how many are missing', () => {
    const tests = Array.from({ length: 12_000 }, (_, index) =>
      test(index, index >= 11_998 ? { status: 'failed' } : {}),
    );
    const capped = capResult(result(tests));
    expect(capped.tests.length).toBeLessThanOrEqual(10_000);
    expect(capped.tests.slice(-2).map(({ id }) => id)).toEqual(['case-11998', 'case-11999']);
    expect(capped.error?.type).toBe('ResultTruncated');
    expect(capped.error?.message).toBe(
      `${12_000 - capped.tests.length} of 12000 tests are left out of this result because it grew too large.`,
    );
  });

  it('bounds the whole whatever is large, the same way every time', () => {
    const large: readonly ExecutionResult[] = [
      result(Array.from({ length: 900 }, (_, index) => test(index, { actual: '\u0001'.repeat(1_999) }))),
      result(
        Array.from({ length: 9_000 }, (_, index) =>
          test(index, { covered: Array.from({ length: 50 }, (_, at) => at) }),
        ),
      ),
      result([test(1)], {
        stdout: { text: '\u0000'.repeat(400_000), bytesTotal: 400_000, truncated: false },
      }),
      result(Array.from({ length: 30_000 }, (_, index) => test(index, { status: 'failed' }))),
      result([test(1)], {
        statements: Array.from({ length: 90_000 }, (_, start) => ({ start, end: start + 1 })),
      }),
    ];
    for (const one of large) {
      expect(bytes(one)).toBeGreaterThan(resultBytesMax);
      const capped = capResult(one);
      expect(bytes(capped)).toBeLessThanOrEqual(resultBytesMax);
      expect(executionResultSchema.parse(capped)).toEqual(capped);
      expect(capped.outcome).toBe('failed');
      expect(capResult(one)).toEqual(capped);
    }
  });
});

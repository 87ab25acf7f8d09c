import { z } from 'zod';
import { countSchema } from './shapes.ts';

/** How an execution ended. The first six are facts about the candidate, `sandbox_error` is a fault of ours. */
export const outcomeSchema = z.enum([
  'passed',
  'failed',
  'error',
  'timeout',
  'out_of_memory',
  'output_limit',
  'sandbox_error',
]);
export type Outcome = z.infer<typeof outcomeSchema>;

export const exceptionSchema = z.strictObject({
  type: z.string(),
  message: z.string(),
  /** 1-based line in the candidate's own source, where known. */
  line: countSchema.nullable(),
});
export type ExecutionException = z.infer<typeof exceptionSchema>;

/** One test: what was asked, what should have come, and what came or was thrown. Texts are capped by the sandbox. */
export const testResultSchema = z.strictObject({
  id: z.string(),
  status: z.enum(['passed', 'failed', 'error', 'not_run']),
  input: z.string(),
  expected: z.string().nullable(),
  actual: z.string().nullable(),
  exception: exceptionSchema.nullable(),
  /** Steps the candidate took in this test. */
  steps: countSchema,
  /** Indices into `statements` that this test reached; null when coverage was not asked for. */
  covered: z.array(countSchema).nullable(),
});
export type TestResult = z.infer<typeof testResultSchema>;

export const capturedOutputSchema = z.strictObject({
  text: z.string(),
  /** Bytes the program wrote, also those that were not kept (as far as they were counted before the cap ended it). */
  bytesTotal: countSchema,
  truncated: z.boolean(),
});
export type CapturedOutput = z.infer<typeof capturedOutputSchema>;

/** Half-open range of UTF-16 offsets in the candidate's source. */
export const sourceRangeSchema = z.strictObject({ start: countSchema, end: countSchema });

/**
 * All that one execution showed, without anything volatile: the same program, tests, limits and seed give the same bytes
 * on the same interpreter. Stored as a blob; the event carries the summary.
 */
export const executionResultSchema = z.strictObject({
  outcome: outcomeSchema,
  tests: z.array(testResultSchema),
  /** What ended the program before or outside any test (a syntax error, an exit, a limit), or null. */
  error: exceptionSchema.nullable(),
  stdout: capturedOutputSchema,
  stderr: capturedOutputSchema,
  /**
   * Deterministic cost, counted in the interpreter: statements (JavaScript), or lines, jumps and calls (Python) of the
   * candidate.
   */
  steps: countSchema,
  /** Where each coverable statement of the candidate is; null when coverage was not asked for or nothing parsed. */
  statements: z.array(sourceRangeSchema).nullable(),
});
export type ExecutionResult = z.infer<typeof executionResultSchema>;

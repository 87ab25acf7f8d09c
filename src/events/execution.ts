import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { outcomeSchema } from './execution-result.ts';
import {
  blobRefSchema,
  countSchema,
  digestSchema,
  effectKeySchema,
  recordedErrorSchema,
  volatileSchema,
} from './shapes.ts';

/** Public tests may be seen by the loop; hidden tests only grade what was already picked. */
export const testSetSchema = z.enum(['public', 'hidden']);
export type TestSet = z.infer<typeof testSetSchema>;

export const ExecutionRequested = defineEvent(
  'ExecutionRequested',
  1,
  z.strictObject({
    key: effectKeySchema,
    candidate: digestSchema,
    tests: testSetSchema,
    /** Digest of program, tests, limits, seed and interpreter. */
    input: digestSchema,
  }),
);

/**
 * What the machine spent on an execution, where the driver counts it: processor time, the most memory at one time, page faults
 * without and with a disk. Null: not counted. Instructions and calls into the kernel are there where a counter was asked for.
 */
export const resourceUsageSchema = z.strictObject({
  cpuMs: z.number().nonnegative().nullable(),
  peakBytes: countSchema.nullable(),
  minorFaults: countSchema.nullable(),
  majorFaults: countSchema.nullable(),
  instructions: countSchema.nullable().optional(),
  syscalls: countSchema.nullable().optional(),
});

export const ExecutionFinished = defineEvent(
  'ExecutionFinished',
  2,
  z.strictObject({
    key: effectKeySchema,
    candidate: digestSchema,
    tests: testSetSchema,
    outcome: outcomeSchema,
    passed: countSchema,
    total: countSchema,
    steps: countSchema,
    /** Canonical JSON of the whole `ExecutionResult`. */
    result: blobRefSchema,
    volatile: volatileSchema.extend({ usage: resourceUsageSchema.optional() }),
  }),
  [(data) => data],
);

/** What another tool recorded of an execution: how it ended, without what it showed. Only imported episodes hold it. */
export const VerdictRecorded = defineEvent(
  'VerdictRecorded',
  1,
  z.strictObject({
    key: effectKeySchema,
    candidate: digestSchema,
    tests: testSetSchema,
    outcome: z.enum(['passed', 'failed']),
    /** Tests passed and tests in all, where the tool recorded them. */
    passed: countSchema.nullable(),
    total: countSchema.nullable(),
  }),
);

export const ExecutionFailed = defineEvent(
  'ExecutionFailed',
  1,
  z.strictObject({
    key: effectKeySchema,
    candidate: digestSchema,
    tests: testSetSchema,
    error: recordedErrorSchema,
    final: z.boolean(),
    volatile: volatileSchema,
  }),
);

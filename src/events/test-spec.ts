import { z } from 'zod';
import { commandsSpecSchema } from './commands-spec.ts';

/**
 * How a program is tested. Public and hidden tests have the same shape and are kept apart by where they live: public ones
 * in the `TaskView`, hidden ones in `src/tasks/hidden-tests.ts`.
 */
const caseSchema = z.strictObject({
  id: z.string().min(1),
  /** An expression over the program's names, in the task's language, for example `add(1, 2)`. */
  call: z.string().min(1),
  /** An expression for the value the call must equal (deep equality). */
  expected: z.string().min(1),
});
export type TestCase = z.infer<typeof caseSchema>;

export const testSpecSchema = z.discriminatedUnion('kind', [
  /** Independent cases; each is one test. */
  z.strictObject({ kind: z.literal('cases'), cases: z.array(caseSchema) }),
  /**
   * A script in the task's language whose assertions (`assert` in Python, `console.assert` in JavaScript) are the tests.
   * `invoke` is run after the script, for example `check(add)`; null when the script runs itself.
   */
  z.strictObject({ kind: z.literal('asserts'), source: z.string(), invoke: z.string().nullable() }),
  /** Commands over files, for everything that is not run by an interpreter of ours. */
  commandsSpecSchema,
]);
export type TestSpec = z.infer<typeof testSpecSchema>;

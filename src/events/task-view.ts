import { z } from 'zod';
import { countSchema } from './shapes.ts';
import { testSpecSchema } from './test-spec.ts';

/** `command` is any language that is built and run by commands; see `commandsSpecSchema`. */
export const languageSchema = z.enum(['command', 'javascript', 'python']);
export type Language = z.infer<typeof languageSchema>;
/** Languages whose functions are called and compared; everything else is run by commands. */
export type CalledLanguage = Exclude<Language, 'command'>;

/** What one execution may use. Exceeding one is an outcome of the candidate, not an error. */
export const executionLimitsSchema = z.strictObject({
  /** Real time after which the execution is killed from outside, milliseconds. */
  wallMs: countSchema,
  /** Steps counted inside the interpreter (deterministic); null is "only the wall clock". */
  steps: countSchema.nullable(),
  memoryBytes: countSchema,
  /** Cap on stdout and on stderr, each. */
  outputBytes: countSchema,
});
export type ExecutionLimits = z.infer<typeof executionLimitsSchema>;

/** All that a strategy or generator may know of a task. Hidden tests have no place in it, by type. */
export const taskViewSchema = z.strictObject({
  id: z.string().min(1).max(200),
  language: languageSchema,
  entryPoint: z.string().min(1),
  /** The problem in words. */
  statement: z.string(),
  /** Source that every candidate is run after (imports, helpers, a signature); may be empty. */
  prelude: z.string(),
  /** A program the task hands out to be improved (a buggy one, in repair tasks), or null. */
  givenProgram: z.string().nullable(),
  publicTests: testSpecSchema,
  limits: executionLimitsSchema,
  /** Labels for slicing reports, for example `bugType`. Never shown to a generator. */
  tags: z.record(z.string(), z.string()),
});
export type TaskView = z.infer<typeof taskViewSchema>;

import { basename } from 'node:path';
import { z } from 'zod';
import { commandsSpecSchema } from '../../events/commands-spec.ts';
import { executionLimitsSchema, taskViewSchema } from '../../events/task-view.ts';
import type { TestSpec } from '../../events/test-spec.ts';
import { defaultLimits } from '../limits.ts';
import { makeSuite } from '../make-suite.ts';
import type { Suite } from '../suite.ts';
import { readTasks, type TaskDraft } from './read-tasks.ts';

const commandCaseSchema = commandsSpecSchema.shape.cases.element.shape;
const commandsSchema = z.strictObject({
  ...commandsSpecSchema.shape,
  files: commandsSpecSchema.shape.files.default([]),
  build: commandsSpecSchema.shape.build.default(null),
  cases: z.array(
    z.strictObject({
      ...commandCaseSchema,
      id: commandCaseSchema.id.optional(),
      stdin: commandCaseSchema.stdin.default(''),
      /** Left out, the command is a test command: all that counts is that it ends well. */
      expected: z
        .strictObject({
          exitCode: commandCaseSchema.expected.shape.exitCode.default(0),
          stdout: commandCaseSchema.expected.shape.stdout.default(null),
        })
        .default({ exitCode: 0, stdout: null }),
    }),
  ),
});

const testsSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('cases'),
    cases: z.array(
      z.strictObject({
        /** Left out, a case is named after its place: `1`, `2` … */
        id: z.string().min(1).optional(),
        call: z.string().min(1),
        expected: z.string().min(1),
      }),
    ),
  }),
  z.strictObject({
    kind: z.literal('asserts'),
    source: z.string(),
    invoke: z.string().nullable().default(null),
  }),
  commandsSchema,
]);

/** The members of a task view with what may be left out, and the two that must stay out of a view. */
const rowSchema = z.strictObject({
  ...taskViewSchema.shape,
  prelude: z.string().default(''),
  givenProgram: z.string().nullable().default(null),
  publicTests: testsSchema,
  hiddenTests: testsSchema,
  limits: executionLimitsSchema.partial().default({}),
  tags: taskViewSchema.shape.tags.default({}),
  reference: z.string().nullable().default(null),
});
type NativeRow = z.infer<typeof rowSchema>;

/**
 * Our own format, one task a line; see `docs/reference/task-format.md`. The suite is named after the file.
 *
 * @throws PawlError `SUITE_NOT_FOUND` or `SUITE_INVALID`
 */
export async function readNative(path: string): Promise<Suite> {
  const tasks = await readTasks(path, { format: 'native', row: rowSchema, toTask });
  return makeSuite(basename(path).replace(/\.jsonl(\.gz)?$/, ''), 'native', tasks);
}

function toTask(row: NativeRow): TaskDraft {
  const { hiddenTests, reference, publicTests, limits, ...rest } = row;
  const defaults = defaultLimits[row.language];
  const view = {
    ...rest,
    publicTests: withCaseIds(publicTests),
    limits: {
      wallMs: limits.wallMs ?? defaults.wallMs,
      steps: limits.steps === undefined ? defaults.steps : limits.steps,
      memoryBytes: limits.memoryBytes ?? defaults.memoryBytes,
      outputBytes: limits.outputBytes ?? defaults.outputBytes,
    },
  };
  return { view, hidden: withCaseIds(hiddenTests), reference };
}

function withCaseIds(tests: z.infer<typeof testsSchema>): TestSpec {
  if (tests.kind === 'asserts') return tests;
  const idAt = (id: string | undefined, index: number): string => id ?? String(index + 1);
  if (tests.kind === 'commands') {
    return { ...tests, cases: tests.cases.map((test, index) => ({ ...test, id: idAt(test.id, index) })) };
  }
  return { kind: 'cases', cases: tests.cases.map((test, index) => ({ ...test, id: idAt(test.id, index) })) };
}

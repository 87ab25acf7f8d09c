import { basename } from 'node:path';
import { z } from 'zod';
import { executionLimitsSchema, taskViewSchema } from '../../events/task-view.ts';
import type { TestSpec } from '../../events/test-spec.ts';
import { defaultLimits } from '../limits.ts';
import { makeSuite } from '../make-suite.ts';
import type { Suite } from '../suite.ts';
import { readTasks, type TaskDraft } from './read-tasks.ts';

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
  const cases = tests.cases.map(({ id, call, expected }, index) => ({
    id: id ?? String(index + 1),
    call,
    expected,
  }));
  return { kind: 'cases', cases };
}

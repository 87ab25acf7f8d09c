import { z } from 'zod';
import { type TaskView, taskViewSchema } from '../events/task-view.ts';
import { type TestSpec, testSpecSchema } from '../events/test-spec.ts';
import { canonicalBytes } from '../kernel/canonical-json.ts';
import { messageOf, PawlError } from '../kernel/pawl-error.ts';
import { HiddenTests, openForGrading } from './hidden-tests.ts';

/** Canonical bytes of what may be seen of a task; stored as one blob. */
export function taskViewBytes(view: TaskView): Uint8Array {
  return canonicalBytes(view);
}

/** Canonical bytes of what grades a task; stored as another blob, which nothing but grading reads. */
export function hiddenTestsBytes(hidden: HiddenTests): Uint8Array {
  return canonicalBytes(openForGrading(hidden));
}

/** @throws PawlError `SUITE_INVALID` when the bytes are not a stored task view */
export function parseTaskView(bytes: Uint8Array): TaskView {
  return parseStored(bytes, taskViewSchema, 'task view');
}

/** @throws PawlError `SUITE_INVALID` when the bytes are not stored hidden tests */
export function parseHiddenTests(bytes: Uint8Array): HiddenTests {
  const tests: TestSpec = parseStored(bytes, testSpecSchema, 'set of hidden tests');
  return new HiddenTests(tests);
}

function parseStored<Value>(bytes: Uint8Array, schema: z.ZodType<Value>, what: string): Value {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new PawlError('SUITE_INVALID', `The stored ${what} is not JSON: ${messageOf(cause)}`, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new PawlError('SUITE_INVALID', `The stored ${what} is malformed: ${z.prettifyError(parsed.error)}`, {
    cause: parsed.error,
  });
}

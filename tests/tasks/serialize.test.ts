import { expect, test } from 'vitest';
import { canonicalBytes } from '../../src/kernel/canonical-json.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { isPawlError, messageOf } from '../../src/kernel/pawl-error.ts';
import { openForGrading } from '../../src/tasks/hidden-tests.ts';
import {
  hiddenTestsBytes,
  parseHiddenTests,
  parseTaskView,
  taskViewBytes,
} from '../../src/tasks/serialize.ts';
import { loadStarterSuite } from '../../src/tasks/starter/load-starter-suite.ts';
import { suiteManifest } from '../../src/tasks/suite-digest.ts';

test('both parts of every starter task come back from their bytes', async () => {
  const { tasks } = await loadStarterSuite();
  for (const { view, hidden } of tasks) {
    expect(parseTaskView(taskViewBytes(view))).toEqual(view);
    expect(openForGrading(parseHiddenTests(hiddenTestsBytes(hidden)))).toEqual(openForGrading(hidden));
  }
});

test('the digest of a suite is the digest of its manifest, which names both parts of every task', async () => {
  const { tasks, digest } = await loadStarterSuite();
  const manifest = suiteManifest(tasks);
  expect(sha256Hex(canonicalBytes(manifest))).toBe(digest);
  expect(manifest.map(({ id }) => id)).toEqual(tasks.map(({ view }) => view.id));
  const [task] = tasks;
  if (task === undefined) throw new TypeError('there is no task');
  expect(manifest[0]).toEqual({
    id: task.view.id,
    view: sha256Hex(taskViewBytes(task.view)),
    hidden: sha256Hex(hiddenTestsBytes(task.hidden)),
  });
});

test.each([
  ['{', 'The stored task view is not JSON: '],
  [
    '{}',
    'The stored task view is malformed: ✖ Invalid input: expected string, received undefined\n  → at id',
  ],
])('the stored view %s is refused', (text, message) => {
  const error = catchError(() => parseTaskView(Buffer.from(text)));
  expect(isPawlError(error, 'SUITE_INVALID') && messageOf(error).startsWith(message)).toBe(true);
});

test('stored tests of an unknown kind are refused', () => {
  const error = catchError(() => parseHiddenTests(Buffer.from('{"kind":"riddles"}')));
  expect(isPawlError(error, 'SUITE_INVALID')).toBe(true);
});

function catchError(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return null;
}

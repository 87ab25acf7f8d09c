import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { type TaskView, taskViewSchema } from '../../events/task-view.ts';
import { type TestSpec, testSpecSchema } from '../../events/test-spec.ts';
import { HiddenTests } from '../hidden-tests.ts';
import type { Task } from '../task.ts';
import { type FileFormat, guessFormat } from './guess-format.ts';
import { lineError, readJsonLines } from './read-json-lines.ts';

/** A task with its hidden tests still in the open: what a reader makes of one line. */
export interface TaskDraft {
  readonly view: TaskView;
  readonly hidden: TestSpec;
  readonly reference: string | null;
}

export interface LineReader<Row> {
  readonly format: FileFormat;
  readonly row: z.ZodType<Row>;
  /** Returns the task, or the problem with the row as a sentence. */
  readonly toTask: (row: Row) => TaskDraft | string;
}

/**
 * Reads every line of a file with one reader.
 *
 * @throws PawlError `SUITE_NOT_FOUND`, or `SUITE_INVALID` for the first line that is not usable, naming file, line and
 * what is wrong with it
 */
export async function readTasks<Row>(path: string, reader: LineReader<Row>): Promise<readonly Task[]> {
  const lineOf = new Map<string, number>();
  const tasks: Task[] = [];
  for (const { number, value } of await readJsonLines(path)) {
    const problem = (text: string, cause?: unknown) => lineError(path, number, text, cause);
    const looksLike = guessFormat(value);
    if (looksLike !== null && looksLike !== reader.format) {
      throw problem(`this is not the ${reader.format} format. It looks like "${looksLike}:${path}".`);
    }
    const row = reader.row.safeParse(value);
    if (!row.success) {
      const advice = `The ${reader.format} format is described in docs/reference/task-format.md.`;
      throw problem(`${describeIssue(row.error)}. ${advice}`, row.error);
    }
    const draft = reader.toTask(row.data);
    if (typeof draft === 'string') throw problem(draft);
    const { id } = draft.view;
    const firstLine = lineOf.get(id);
    if (firstLine !== undefined) {
      throw problem(`the task "${id}" is already on line ${firstLine}. Give every task its own id.`);
    }
    lineOf.set(id, number);
    const invalid = checkDraft(draft);
    if (invalid !== null) throw problem(invalid);
    tasks.push({ view: draft.view, hidden: new HiddenTests(draft.hidden), reference: draft.reference });
  }
  return tasks;
}

function checkDraft({ view, hidden }: TaskDraft): string | null {
  const viewCheck = taskViewSchema.safeParse(view);
  if (!viewCheck.success) return `${describeIssue(viewCheck.error)}.`;
  const hiddenCheck = testSpecSchema.safeParse(hidden);
  if (!hiddenCheck.success) return `hidden tests: ${describeIssue(hiddenCheck.error)}.`;
  if (!isWellFormed(view) || !isWellFormed(hidden)) {
    return `the task "${view.id.toWellFormed()}" holds half a surrogate pair (\\ud800 to \\udfff), which is no text.`;
  }
  const empty = hidden.kind === 'asserts' ? hidden.source.trim() === '' : hidden.cases.length === 0;
  if (empty) return `the task "${view.id}" has no hidden tests, so nothing could grade it.`;
  const mixed = mixedTests(view, hidden);
  if (mixed !== null) return mixed;
  return duplicateCase(view.publicTests, 'public') ?? duplicateCase(hidden, 'hidden');
}

/** Such a text could not be hashed or recorded. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, member]) => key.isWellFormed() && isWellFormed(member));
}

/** Tests by commands go with the language "command", and both sets of them take the same program. */
function mixedTests(view: TaskView, hidden: TestSpec): string | null {
  const shown = view.publicTests;
  const byCommands = view.language === 'command';
  if ((shown.kind === 'commands') !== byCommands || (hidden.kind === 'commands') !== byCommands) {
    return `the task "${view.id}" mixes tests of kind "commands" with another kind or language. They go with "command" only.`;
  }
  if (byCommands && view.prelude !== '')
    return `the task "${view.id}" has a "prelude", which no command would read.`;
  if (shown.kind !== 'commands' || hidden.kind !== 'commands') return null;
  const same = shown.syntax === hidden.syntax && isDeepStrictEqual(shown.program, hidden.program);
  return same
    ? null
    : `the public and hidden tests of the task "${view.id}" differ in "program" or "syntax".`;
}

function duplicateCase(tests: TestSpec, which: string): string | null {
  if (tests.kind === 'asserts') return null;
  const seen = new Set<string>();
  for (const { id } of tests.cases) {
    if (seen.has(id)) return `the ${which} case "${id}" exists twice. Give every case its own id.`;
    seen.add(id);
  }
  return null;
}

/** The first problem of a parse in one phrase, for example `"hiddenTests.cases[0].call": expected string, …`. */
function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'not a task';
  const place = issue.path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : `${text}${text === '' ? '' : '.'}${String(key)}`,
    '',
  );
  const message = issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  return place === '' ? message : `"${place}": ${message}`;
}

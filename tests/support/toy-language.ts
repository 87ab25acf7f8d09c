import type { ExecutionResult, Outcome, TestResult } from '../../src/events/execution-result.ts';
import type { TaskView } from '../../src/events/task-view.ts';
import type { TestCase, TestSpec } from '../../src/events/test-spec.ts';
import { HiddenTests } from '../../src/tasks/hidden-tests.ts';
import type { Task } from '../../src/tasks/task.ts';

/**
 * A program is a list of lines `call = value`; running it looks calls up. A line `! outcome` ends it that way before any
 * test. Enough to be right, wrong and broken, and to be repaired line by line from feedback.
 */
export type ToyProgram = Readonly<Record<string, string>>;

export function toyText(program: ToyProgram): string {
  return Object.entries(program)
    .map(([call, value]) => `${call} = ${value}\n`)
    .join('');
}

export function parseToy(text: string): ToyProgram {
  const lines = text.split('\n').filter((line) => line.includes(' = '));
  return Object.fromEntries(lines.map((line) => line.split(' = ') as [string, string]));
}

export function runToy(text: string, tests: TestSpec, coverage: boolean): ExecutionResult {
  const cases = tests.kind === 'cases' ? tests.cases : [];
  const stop = /^! (\w+)$/m.exec(text)?.[1] as Outcome | undefined;
  const program = parseToy(text);
  const results = cases.map((test) => judge(test, program, stop !== undefined, coverage));
  const allPass = results.every(({ status }) => status === 'passed');
  return {
    outcome: stop ?? (allPass ? 'passed' : 'failed'),
    tests: results,
    error: stop === undefined ? null : { type: 'Stop', message: stop, line: 1 },
    stdout: { text: '', bytesTotal: 0, truncated: false },
    stderr: { text: '', bytesTotal: 0, truncated: false },
    steps: cases.length,
    statements: coverage ? [{ start: 0, end: text.length }] : null,
  };
}

function judge(
  { id, call, expected }: TestCase,
  program: ToyProgram,
  stopped: boolean,
  coverage: boolean,
): TestResult {
  const actual = program[call] ?? 'undefined';
  const status = stopped ? 'not_run' : actual === expected ? 'passed' : 'failed';
  return {
    ...{ id, status, input: call, expected, actual: stopped ? null : actual, exception: null },
    ...{ steps: stopped ? 0 : 1, covered: coverage ? [0] : null },
  };
}

/**
 * A task whose solution is `f(i) = i²`. Hidden are the public cases again, one that only some public solutions pass, and
 * one that holds a marker.
 */
export function toyTask(id: string, publicCases: number, givenProgram: ToyProgram | null = null): Task {
  const view: TaskView = {
    id,
    language: 'javascript',
    entryPoint: 'f',
    statement: `Square numbers (${id}).`,
    // Equal programs of two tasks are two effects, not one.
    prelude: `# ${id}`,
    givenProgram: givenProgram === null ? null : toyText(givenProgram),
    publicTests: { kind: 'cases', cases: squares(publicCases) },
    limits: { wallMs: 1000, steps: 1000, memoryBytes: 1 << 20, outputBytes: 1000 },
    tags: {},
  };
  const marked = { id: `${hiddenMarker}-id`, call: `f("${hiddenMarker}-${id}")`, expected: 'undefined' };
  const hidden = [...squares(publicCases), { id: 'far', call: farCall, expected: farValue }, marked];
  return { view, hidden: new HiddenTests({ kind: 'cases', cases: hidden }), reference: null };
}

/** Stands in hidden tests, and may stand nowhere else. */
export const hiddenMarker = 'NOBODY-MAY-SEE-THIS';

/** The hidden case that a program passes only when it says so. */
export const farCall = 'f(100)';
export const farValue = '10000';

function squares(count: number): TestCase[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ id: `square-${index}`, call: `f(${index})`, expected: String(index * index) },
  }));
}

import type { ExecutionRequest } from '../../../sandbox/sandbox.ts';
import type { ExecutionResult, TestResult } from '../../../src/events/execution-result.ts';
import type { TestSpec } from '../../../src/events/test-spec.ts';
import { HiddenTests } from '../../../src/tasks/hidden-tests.ts';
import type { Task } from '../../../src/tasks/task.ts';

/**
 * A world of programs that are nothing but the list of inputs they handle (`handles 0 2 5`), so that a test decides which
 * candidate passes what, and nothing has to be interpreted.
 */
export function programHandling(inputs: Iterable<number>): string {
  return `handles ${[...new Set(inputs)].sort((left, right) => left - right).join(' ')}`;
}

export function inputsHandledBy(program: string): ReadonlySet<number> {
  return new Set((program.match(/\d+/g) ?? []).map(Number));
}

export interface HandlingTask {
  readonly id: string;
  /** Tests ask for the inputs from 0 on; the hidden ones for the same and those after. */
  readonly publicTests: number;
  readonly hiddenTests: number;
  /** Inputs the handed-out program handles, or null for none handed out. */
  readonly given: readonly number[] | null;
}

export function handlingTask({ id, publicTests, hiddenTests, given }: HandlingTask): Task {
  return {
    view: {
      ...{ id, language: 'javascript', entryPoint: 'f', statement: `Handle what ${id} asks for.` },
      // Two tasks with equal tests stay different executions.
      prelude: `// ${id}`,
      givenProgram: given === null ? null : programHandling(given),
      publicTests: asking(publicTests),
      limits: { wallMs: 1000, steps: 100_000, memoryBytes: 1_000_000, outputBytes: 1000 },
      tags: { kind: 'scripted' },
    },
    hidden: new HiddenTests(asking(hiddenTests)),
    reference: null,
  };
}

function asking(count: number): TestSpec {
  const cases = Array.from({ length: count }, (_, input) => ({
    id: `t${input}`,
    call: `f(${input})`,
    expected: `"handled ${input}"`,
  }));
  return { kind: 'cases', cases };
}

/** What executing such a program shows; the same request always shows the same. */
export function executeHandling({ program, tests, coverage }: ExecutionRequest): ExecutionResult {
  const handled = inputsHandledBy(program);
  const cases = tests.kind === 'cases' ? tests.cases : [];
  const results = cases.map(({ id, call, expected }): TestResult => {
    const passes = handled.has(Number(/\d+/.exec(call)?.[0]));
    return {
      ...{ id, input: call, expected, exception: null, steps: passes ? 3 : 2 },
      status: passes ? 'passed' : 'failed',
      actual: passes ? expected : 'undefined',
      covered: coverage ? [0] : null,
    };
  });
  const passed = results.every(({ status }) => status === 'passed') && results.length > 0;
  return {
    ...{ outcome: passed ? 'passed' : 'failed', tests: results, error: null },
    stdout: { text: '', bytesTotal: 0, truncated: false },
    stderr: { text: '', bytesTotal: 0, truncated: false },
    steps: results.reduce((sum, { steps }) => sum + steps, 0),
    statements: coverage ? [{ start: 0, end: program.length }] : null,
  };
}

import type { ExecutionResult, TestResult } from '../../src/events/execution-result.ts';
import type { TestCase } from '../../src/events/test-spec.ts';

/** A program that stands in a prompt, and how it ran where the prompt says so. */
export interface ShownProgram {
  readonly program: string;
  /** The text behind it, where that tells of an execution. */
  readonly feedback: string;
  readonly execution: ExecutionResult | null;
}

/** All that a reader can take from a prompt, whatever its template is. */
export interface ReadPrompt {
  /** In the order in which they stand there, each once. */
  readonly programs: readonly ShownProgram[];
  readonly tests: readonly TestCase[];
}

/** Finds programs (code blocks with a function in them), public tests (`call // expected`) and what is said behind a program. */
export function readRepairPrompt(prompt: string): ReadPrompt {
  const programs = new Map<string, ShownProgram>();
  const tests: TestCase[] = [];
  let last: string | null = null;
  for (const part of partsOf(prompt)) {
    if (part.isCode && /\bfunction\b|=>/.test(part.text)) {
      last = part.text;
      if (!programs.has(last)) programs.set(last, { program: last, feedback: '', execution: null });
    } else if (part.isCode) tests.push(...testsIn(part.text));
    else if (last !== null) {
      const execution = executionIn(part.text);
      if (execution !== null) programs.set(last, { program: last, feedback: part.text, execution });
    }
  }
  return { programs: [...programs.values()], tests };
}

function partsOf(prompt: string): readonly { readonly isCode: boolean; readonly text: string }[] {
  const parts: { isCode: boolean; text: string }[] = [];
  let fence: string | null = null;
  let lines: string[] = [];
  const end = (isCode: boolean): void => {
    if (lines.length > 0) parts.push({ isCode, text: lines.join('\n') });
    lines = [];
  };
  for (const line of prompt.split('\n')) {
    const opened: string | null = fence === null ? (/^(`{3,})\w*$/.exec(line)?.[1] ?? null) : null;
    if (opened !== null) {
      end(false);
      fence = opened;
    } else if (fence !== null && line === fence) {
      end(true);
      fence = null;
    } else lines.push(line);
  }
  end(fence !== null);
  return parts;
}

function testsIn(code: string): readonly TestCase[] {
  return code.split('\n').flatMap((line, index) => {
    const found = /^(?<call>.+) \/\/ (?<expected>.+)$/.exec(line)?.groups;
    return found === undefined
      ? []
      : [{ id: `${index}`, call: found['call'] ?? '', expected: found['expected'] ?? '' }];
  });
}

/** Null where nothing is said of how a program ran but that it is wrong. */
function executionIn(text: string): ExecutionResult | null {
  const told = /^Outcome: (?<outcome>\w+)\. (?<passed>\d+) of (?<total>\d+) public tests passed\.$/m.exec(
    text,
  );
  if (told === null) return null;
  const failing = [...text.matchAll(/^FAIL (?<id>[^\n]*?): (?<input>[^\n]*)\n(?<rest>(?: {2}[^\n]*\n?)*)/gm)];
  const nothing = { text: '', bytesTotal: 0, truncated: false };
  const passed = Array.from({ length: Number(told.groups?.['passed']) }, (_, at) =>
    testResult(`passed ${at}`, 'passed', ''),
  );
  const failed = failing.map(({ groups = {} }) => failedTest(groups));
  return {
    outcome: told.groups?.['outcome'] as ExecutionResult['outcome'],
    tests: [...passed, ...failed],
    error: exceptionIn(/^The program ended with (?<what>.*)\.$/m.exec(text)?.groups?.['what']),
    ...{ stdout: nothing, stderr: nothing, steps: 0, statements: null },
  };
}

function failedTest(groups: Readonly<Record<string, string | undefined>>): TestResult {
  const said = (what: string): string | undefined =>
    new RegExp(`^  ${what} +(.*)$`, 'm').exec(groups['rest'] ?? '')?.[1];
  const exception = exceptionIn(said('threw'));
  const status = exception !== null ? 'error' : said('actual') === undefined ? 'not_run' : 'failed';
  return {
    ...testResult(groups['id'] ?? '', status, groups['input'] ?? ''),
    ...{ expected: said('expected') ?? null, actual: said('actual') ?? null, exception },
  };
}

function testResult(id: string, status: TestResult['status'], input: string): TestResult {
  return { id, status, input, expected: null, actual: null, exception: null, steps: 0, covered: null };
}

function exceptionIn(text: string | undefined): TestResult['exception'] {
  const found = /^(?<type>\w+): (?<message>.*?)(?: at line (?<line>\d+))?$/.exec(text ?? '')?.groups;
  if (found === undefined) return null;
  const line = found['line'] === undefined ? null : Number(found['line']);
  return { type: found['type'] ?? '', message: found['message'] ?? '', line };
}

import type { FeedbackLevel } from '../events/episode.ts';
import type { ExecutionException, ExecutionResult, TestResult } from '../events/execution-result.ts';
import { cutText } from './cut-text.ts';

const failuresShownMax = 10;
const valueCharactersMax = 400;
const textCharactersMax = 4000;

/**
 * What the next generation is told of an execution against public tests. `verdict` says that it was wrong and nothing
 * else; `full` lists what passed and every failing test with input, expected and actual value or exception.
 */
export function composeFeedback(result: ExecutionResult, level: FeedbackLevel): string {
  if (level === 'verdict') return 'The program is wrong. Try again.';
  const passed = result.tests.filter(({ status }) => status === 'passed').length;
  const failing = result.tests.filter(({ status }) => status !== 'passed');
  const lines = [`Outcome: ${result.outcome}. ${passed} of ${result.tests.length} public tests passed.`];
  if (result.error !== null) lines.push(`The program ended with ${exceptionText(result.error)}.`);
  for (const test of failing.slice(0, failuresShownMax)) lines.push(...failureLines(test));
  if (failing.length > failuresShownMax)
    lines.push(`(${failing.length - failuresShownMax} more failing tests)`);
  if (result.stderr.text !== '') lines.push(`stderr: ${cut(result.stderr.text, valueCharactersMax)}`);
  return cut(lines.join('\n'), textCharactersMax);
}

function failureLines(test: TestResult): string[] {
  const lines = [`FAIL ${test.id}: ${cut(test.input, valueCharactersMax)}`];
  if (test.status === 'not_run') return [...lines, '  was not reached'];
  if (test.expected !== null) lines.push(`  expected ${cut(test.expected, valueCharactersMax)}`);
  if (test.actual !== null) lines.push(`  actual   ${cut(test.actual, valueCharactersMax)}`);
  if (test.exception !== null) lines.push(`  threw    ${exceptionText(test.exception)}`);
  return lines;
}

function exceptionText({ type, message, line }: ExecutionException): string {
  const place = line === null ? '' : ` at line ${line}`;
  return cut(`${type}: ${message}${place}`, valueCharactersMax);
}

function cut(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  return `${cutText(text, charactersMax)}… (${text.length - charactersMax} more characters)`;
}

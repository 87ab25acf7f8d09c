import type { EpisodeExecution } from '../../../projections/episode.ts';
import {
  type ExecutionResult,
  executionResultSchema,
  type TestResult,
} from '../../events/execution-result.ts';
import { code, inline, table } from './elements.ts';
import { type Html, html } from './html.ts';
import { contentOf, type ReportModel } from './report-model.ts';
import { withheldNote } from './withheld-note.ts';
import { count, plural } from './words.ts';

const failuresShownMax = 8;
const cellCharactersMax = 160;
const outputCharactersMax = 300;

/** How one execution ended and, where tests failed and nothing else tells of them, which and how. */
export async function executionView(
  model: ReportModel,
  execution: EpisodeExecution,
  brief: boolean,
): Promise<Html> {
  const { tests, outcome, passed, total, steps, result } = execution;
  const what = html`<b>${tests} tests</b>: ${inline(outcome.replaceAll('_', ' '))}`;
  if (result === null || steps === null) {
    const counted = passed === null || total === null ? '' : `, ${passed} of ${total} passed`;
    return html`<p>${what}${counted} (as another tool recorded it).</p>\n`;
  }
  const line = html`<p>${what}, ${count(passed ?? 0)} of ${count(total ?? 0)} passed, ${plural(steps, 'step')}.</p>\n`;
  if (brief || outcome === 'passed') return line;
  const content = await contentOf(model, result);
  if ('withheld' in content) return html`${line}${withheldNote('The result', content.withheld)}`;
  const parsed = resultOf(content.text);
  if (parsed === null)
    return html`${line}<p class="quiet">The result is not one that this version can read.</p>\n`;
  return html`${line}${errorLine(parsed)}${failures(parsed)}`;
}

function resultOf(text: string): ExecutionResult | null {
  try {
    const parsed = executionResultSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function errorLine({ error, stderr }: ExecutionResult): Html {
  const ended =
    error === null
      ? null
      : html`<p>The program ended with ${code(exceptionText(error), outputCharactersMax)}.</p>\n`;
  const said =
    stderr.text === ''
      ? null
      : html`<p>It wrote to its error output: ${code(stderr.text, outputCharactersMax)}</p>\n`;
  return html`${ended}${said}`;
}

function failures({ tests }: ExecutionResult): Html | null {
  const failing = tests.filter(({ status }) => status !== 'passed');
  if (failing.length === 0) return null;
  const columns = [{ title: 'test' }, { title: 'asked' }, { title: 'expected' }, { title: 'came' }];
  const rows = failing.slice(0, failuresShownMax).map(failureRow);
  const rest = failing.length - rows.length;
  const more =
    rest === 0 ? null : html`<p class="more">${plural(rest, 'more failing test')} not shown here.</p>\n`;
  return html`${table('Failing tests', columns, rows, 'even')}${more}`;
}

function failureRow({ id, input, expected, actual, exception, status }: TestResult): readonly Html[] {
  const came =
    status === 'not_run'
      ? html`not reached`
      : exception === null
        ? code(actual ?? '', cellCharactersMax)
        : html`threw ${code(exceptionText(exception), cellCharactersMax)}`;
  return [
    code(id, cellCharactersMax),
    code(input, cellCharactersMax),
    expected === null ? html`` : code(expected, cellCharactersMax),
    came,
  ];
}

function exceptionText({ type, message, line }: NonNullable<ExecutionResult['error']>): string {
  return `${type}: ${message}${line === null ? '' : ` at line ${line}`}`;
}

import { section, table } from './elements.ts';
import { type Html, html } from './html.ts';
import type { ReportModel } from './report-model.ts';
import { count, limit, plural } from './words.ts';

/** What the episodes were allowed and what they spent, both from events alone. */
export function budgetSection({ run, budget, granted, bundle }: ReportModel): Html {
  const entries = run.episodes.flatMap(({ episode }) => budget.episodes[episode] ?? []);
  const kinds = ['candidates', 'executions', 'tokens'] as const;
  const rows = kinds.map((kind): readonly Html[] => {
    const spent = entries.map((entry) => entry.spent[kind]);
    const total = spent.reduce((sum, each) => sum + each, 0);
    const most = spent.reduce((largest, each) => Math.max(largest, each), 0);
    const exhausted = entries.filter((entry) => entry.exhausted?.kind === kind).length;
    const allowed = granted === null ? 'not recorded' : limit(granted.data.episode[kind]);
    return [
      html`${kind}`,
      html`${allowed}`,
      html`${count(most)}`,
      html`${count(total)}`,
      html`${count(exhausted)}`,
    ];
  });
  const columns = [
    { title: 'what' },
    { title: 'granted to each episode', numeric: true },
    { title: 'most spent by one', numeric: true },
    { title: 'spent in all', numeric: true },
    { title: 'episodes that ran out', numeric: true },
  ];
  return section('budget', 'Budgets', [
    table('Budgets, granted and spent', columns, rows),
    html`<p>${steps(granted)} ${wallTime(budget.runs[bundle.header.run])}</p>\n`,
  ]);
}

function steps(granted: ReportModel['granted']): string {
  const most = granted?.data.episode.stepsPerExecution ?? null;
  if (most === null) return 'An execution against public tests had the limits of its task.';
  return `An execution against public tests was stopped after ${plural(most, 'step')}, or earlier where its task says so; grading has the limits of the task.`;
}

function wallTime(
  entry: { readonly wallMs: number | null; readonly exhausted: boolean } | undefined,
): string {
  if (entry === undefined || entry.wallMs === null) return 'The run had no limit of time.';
  const ran = entry.exhausted ? 'ran out of it' : 'did not run out of it';
  return `The run was granted ${count(entry.wallMs)} ms of real time and ${ran}.`;
}

import type { RunEpisode } from '../../../projections/run.ts';
import { inline, section, table } from './elements.ts';
import { type Html, html } from './html.ts';
import type { ReportModel } from './report-model.ts';
import { count, verdictWord } from './words.ts';

/** Every task of the run in order, with what it came to; a task of this bundle leads to its story. */
export function tasksSection({ run, present }: ReportModel): Html {
  const rows = run.episodes.map((episode, index) => row(episode, index, present.has(episode.episode)));
  const columns = [
    { title: '#', numeric: true },
    { title: 'task' },
    { title: 'verdict' },
    { title: 'candidates', numeric: true },
    { title: 'executions', numeric: true },
    { title: 'tokens', numeric: true },
    { title: 'steps', numeric: true },
  ];
  const explanation = html`<p><b>Solved</b>: the answer passes the hidden tests. <b>Over-accepted</b>: it passes every public test and fails a hidden one. <b>Unsolved</b>: it passes neither.</p>\n`;
  return section('tasks', 'Tasks', [explanation, table('Every task of the run, in order', columns, rows)]);
}

function row(episode: RunEpisode, index: number, isHere: boolean): readonly Html[] {
  const name = isHere ? html`<a href="#e${index}">${inline(episode.task)}</a>` : inline(episode.task);
  const figure = (value: number): Html => html`${isHere ? count(value) : ''}`;
  return [
    html`${index}`,
    name,
    verdictLabel(episode, isHere),
    figure(episode.candidates),
    figure(episode.executions),
    figure(episode.tokens),
    figure(episode.steps),
  ];
}

export function verdictLabel(episode: RunEpisode, isHere: boolean): Html {
  const { word, tone } = verdictWord(episode, isHere);
  return html`<span class="verdict ${tone}">${word}</span>`;
}

import { code, inline, list, section, table } from './elements.ts';
import { type Html, html } from './html.ts';
import type { ReportModel } from './report-model.ts';
import { count, time } from './words.ts';

const evidenceShownMax = 10;

/** What a reviewer's audit of the run found, and replays of it, as the ledger recorded them. */
export function reviewSection(
  { findings, replays }: Pick<ReportModel, 'findings' | 'replays'>,
  what = 'this run',
): Html {
  const found =
    findings.length === 0
      ? html`<p>The ledger holds no finding about ${what}. That nobody looked is possible: <code>pawl audit</code> does.</p>\n`
      : list(findings.map(findingItem));
  const columns = [
    { title: 'when' },
    { title: 'what' },
    { title: 'of' },
    { title: 'verdict' },
    { title: 'compared', numeric: true },
    { title: 'diverged', numeric: true },
    { title: 'inconclusive', numeric: true },
  ];
  const replayed =
    replays.length === 0
      ? null
      : table(
          'Replays and reruns that were recorded',
          columns,
          replays.map(({ at, data }) => [
            html`${time(at)}`,
            html`${data.mode}`,
            code(data.scope),
            html`${data.verdict}`,
            html`${count(data.compared)}`,
            html`${count(data.diverged)}`,
            html`${count(data.inconclusive)}`,
          ]),
        );
  return section('findings', 'Findings and replays', [found, ...(replayed === null ? [] : [replayed])]);
}

function findingItem({ at, data }: ReportModel['findings'][number]): Html {
  const { finding, level, message, count: times, evidence } = data;
  const shown = evidence
    .slice(0, evidenceShownMax)
    .map(({ stream, revision }) => html` ${code(`${stream}/${revision}`)}`);
  const more = times > shown.length ? ` and ${count(times - shown.length)} more` : '';
  const proof = shown.length === 0 ? null : html`, shown by${shown}${more}`;
  return html`<b>${level}</b> ${code(finding)} ${inline(message, 2000)}<br><span class="quiet">found ${time(at)}${proof}</span>`;
}

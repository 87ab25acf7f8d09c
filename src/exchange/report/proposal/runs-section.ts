import type { RunSummary } from '../../../../projections/run.ts';
import type { AnyRecordedEvent } from '../../../events/record.ts';
import type { StreamName } from '../../../kernel/brand.ts';
import { code, inline, section, table } from '../elements.ts';
import { type Html, html } from '../html.ts';
import { totalsOf } from '../totals.ts';
import { count, shortDigest } from '../words.ts';
import { verdictLabel } from './checks-section.ts';
import { outcomeGrid } from './outcome-grid.ts';
import type { ProposalModel } from './proposal-model.ts';
import { fraction } from './proposal-words.ts';

/** The runs that the evidence is of: all of their episodes are in the data. */
export function runsSection({ line, runs, examined }: ProposalModel): Html {
  const uses = usesOf(line);
  const rows = (Object.entries(runs.runs) as [StreamName, RunSummary][])
    .filter(([run]) => uses.has(run))
    .map(([run, summary]): readonly Html[] => {
      const use = uses.get(run);
      const { tasks, solved } = totalsOf(summary.episodes);
      return [
        code(run),
        html`${use?.purpose ?? ''}`,
        html`${code(shortDigest(use?.configuration ?? ''))}${use?.configuration === examined?.data.configuration ? ' the challenger’s' : null}`,
        html`${summary.status}`,
        html`${count(tasks)}`,
        html`${count(solved)}`,
      ];
    });
  const columns = [
    { title: 'run' },
    { title: 'on' },
    { title: 'configuration' },
    { title: 'status' },
    { title: 'tasks', numeric: true },
    { title: 'solved', numeric: true },
  ];
  return section('runs', 'The runs behind the evidence', [
    html`<p>Every outcome above is what an episode of one of these runs came to; the check adds them up again. Runs that were made for other proposals alone are not in this file.</p>\n`,
    rows.length === 0
      ? html`<p class="quiet">Nothing was executed for it.</p>\n`
      : table('Runs in this file', columns, rows),
  ]);
}

interface RunUse {
  readonly purpose: string;
  readonly configuration: string;
}

function usesOf(line: readonly AnyRecordedEvent[]): ReadonlyMap<string, RunUse> {
  const uses = new Map<string, RunUse>();
  for (const event of line) {
    if (event.type !== 'EvaluationRequested' && event.type !== 'HeldOutUsed') continue;
    const { run, purpose, configuration } = event.data;
    if (!uses.has(run))
      uses.set(run, { purpose: purpose === 'heldout' ? 'held-out items' : purpose, configuration });
  }
  return uses;
}

/** The sealed split, where it was opened: the last certified champion against the baseline. */
export function finalSection({ final }: ProposalModel): Html | null {
  if (final === null) return null;
  const { verdict, sentence, method, level } = final.event.data;
  return section('final', 'The final test of the line', [
    html`<p>${verdictLabel(verdict)} ${inline(sentence, 2000)}</p>\n`,
    html`<p class="quiet">${method} at the level ${fraction(level)}, on items from which nothing was ever decided. It is about the last certified champion and the baseline, not about this proposal alone.</p>\n`,
    ...(final.evidence?.outcomes == null
      ? [html`<p class="withheld">The outcomes are withheld, or cannot be read.</p>\n`]
      : [outcomeGrid(final.evidence.outcomes, 'On sealed items', ['champion', 'baseline'])]),
  ]);
}

import { pValueOf } from '../../../../gates/checks/statistic-text.ts';
import { probability } from '../../../../gates/checks/wording.ts';
import { parseRational, toNumber } from '../../../../gates/policy/math/rational.ts';
import { block, code, folded, inline, section, table } from '../elements.ts';
import { type Html, html } from '../html.ts';
import { count, time } from '../words.ts';
import { challengerAgainstChampion, outcomeGrid } from './outcome-grid.ts';
import type { ProposalModel, ShownCheck } from './proposal-model.ts';
import { verdictTones } from './proposal-words.ts';

/** The chain of checks: each verdict with its sentence, then the outcomes that it was decided from. */
export function checksSection(model: ProposalModel): Html {
  const { checks, gate } = model;
  const columns = [
    { title: '#', numeric: true },
    { title: 'check' },
    { title: 'verdict' },
    { title: 'what was found' },
    { title: 'items', numeric: true },
    { title: 'p', numeric: true },
    { title: 'level', numeric: true },
  ];
  const notReached = (model.proposal.examination?.chain ?? []).slice(checks.length).map(({ name }) => name);
  const rest =
    notReached.length === 0 ? null : html`<p class="quiet">Not reached: ${notReached.join(', ')}.</p>\n`;
  return section('checks', 'The chain of checks', [
    html`<p>Cheap checks come first, and the first that blocks ends the chain. Each was decided from evidence that is in this file, unless it is said to be withheld.</p>\n`,
    table('Checks, in order', columns, checks.map(row)),
    ...(rest === null ? [] : [rest]),
    ...checks.flatMap(gridOf),
    ...(gate === null
      ? []
      : [
          folded(
            null,
            html`The gate as it was registered ${code(gate.digest)}`,
            block(JSON.stringify(gate.definition, null, 2), 20_000),
          ),
        ]),
  ]);
}

function row({ event }: ShownCheck, index: number): readonly Html[] {
  const { check, kind, verdict, sentence, items, statistic, level, sealed } = event.data;
  const of = [...(kind === check ? [] : [kind]), ...(sealed ? ['held-out items'] : [])];
  return [
    html`${index + 1}`,
    html`${inline(check)}${of.length === 0 ? null : html` <span class="quiet">(${of.join(', ')})</span>`}`,
    verdictLabel(verdict),
    html`<span class="told">${inline(sentence, 2000)} <span class="quiet">${time(event.at)}</span></span>`,
    html`${items === 0 ? '' : count(items)}`,
    html`${statistic === null ? '' : probability(pValueOf(statistic))}`,
    html`${level === null ? '' : probability(toNumber(parseRational(level)))}`,
  ];
}

export function verdictLabel(verdict: string): Html {
  return html`<span class="verdict ${verdictTones[verdict] ?? 'plain'}">${verdict.replaceAll('_', ' ')}</span>`;
}

const titles: Readonly<Record<string, string>> = {
  dev: 'On dev, against the working champion',
  trigger: 'On dev, against the certified champion',
  heldout: 'On held-out items, against the certified champion',
};

/** Cost, latency and slices look at outcomes that another check has shown. */
function gridOf({ event, evidence }: ShownCheck): readonly Html[] {
  const title = titles[event.data.kind];
  if (title === undefined || event.data.outcomes === null) return [];
  if (evidence?.outcomes === null || evidence === null)
    return [html`<p class="withheld">${title}: the outcomes are withheld, or cannot be read.</p>\n`];
  return evidence.outcomes.length === 0
    ? []
    : [outcomeGrid(evidence.outcomes, title, challengerAgainstChampion)];
}

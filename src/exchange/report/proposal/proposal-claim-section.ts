import { percent, points, probability } from '../../../../gates/checks/wording.ts';
import { parseRational, toNumber } from '../../../../gates/policy/math/rational.ts';
import { code, facts, inline } from '../elements.ts';
import { type Html, html } from '../html.ts';
import { plural, shortDigest, time } from '../words.ts';
import type { ProposalModel, ShownNumbers } from './proposal-model.ts';
import { fraction, orNone, standingOf } from './proposal-words.ts';

/** What is claimed, in plain words first: what became of the proposal, and on what. */
export function proposalClaimSection(model: ProposalModel): Html {
  const { word, tone } = standingOf(model);
  return html`<section aria-labelledby="claim">
<h2 id="claim">What is claimed</h2>
<p class="verdicts"><span class="verdict ${tone}">${word}</span></p>
${sentence(model)}${broken(model)}${tiles(model)}${figures(model)}</section>
`;
}

function sentence({ change, decided, opened, examined }: ProposalModel): Html {
  const { slot, challenger, author } = change.data;
  const proposed = html`<p>For the slot <b>${slot}</b> of the line of improvement ${inline(opened.data.name)}, ${inline(author)} proposed the content ${code(shortDigest(challenger))}. `;
  if (examined === null) return html`${proposed}No gate has examined it.</p>\n`;
  if (decided === null) return html`${proposed}A gate examines it and has not decided.</p>\n`;
  const gate = html`The gate ${code(shortDigest(decided.data.gate))} decided <b>${decided.data.verdict}</b>: ${inline(decided.data.sentence, 2000)}`;
  return html`${proposed}${gate}</p>\n`;
}

/** Whoever reads the page must not take the record of a broken rule for a result. */
function broken({ state }: ProposalModel): Html | null {
  if (state.refused.length === 0) return null;
  return html`<div class="notice bad"><p><strong>${plural(state.refused.length, 'event')} of this line ${state.refused.length === 1 ? 'breaks' : 'break'} a rule and ${state.refused.length === 1 ? 'counts' : 'count'} for nothing.</strong> <code>pawl verify --bundle</code> names the first.</p></div>\n`;
}

/** The test that carries the claim: on held-out items where they were read, else on dev. */
function carrying({ checks }: ProposalModel) {
  return (
    checks.find(({ event }) => event.data.kind === 'heldout') ??
    checks.find(({ event }) => event.data.kind === 'dev') ??
    null
  );
}

function tiles(model: ProposalModel): Html | null {
  const check = carrying(model);
  if (check === null) return null;
  const { wins, losses, p } = check.evidence?.numbers ?? ({} as ShownNumbers);
  const { items, level, kind } = check.event.data;
  const where = kind === 'heldout' ? 'held-out items' : 'dev items';
  const tile = (value: string, name: string, tone: string): Html =>
    html`<div class="tile ${tone}"><dt>${name}</dt><dd><b>${value}</b></dd></div>\n`;
  return html`<dl class="tiles">
${tile(String(items), where, 'all')}${tile(
  orNone(wins, String),
  'better on',
  wins === 0 ? 'none' : 'good',
)}${tile(orNone(losses, String), 'worse on', losses === 0 ? 'none' : 'bad')}${tile(orNone(p, probability), 'p-value', 'all')}${tile(
  level === null ? '–' : probability(toNumber(parseRational(level))),
  'level of the test',
  'all',
)}</dl>\n`;
}

function figures(model: ProposalModel): Html {
  const { bundle, decided, change, opened, gate } = model;
  const check = carrying(model);
  const pairs: [string, Html][] = [
    ['proposal', code(bundle.header.proposal)],
    [
      'line',
      html`${inline(opened.data.name)} on the suite ${inline(opened.data.suiteName)} ${code(opened.data.suite)}`,
    ],
    ['slot', html`${change.data.slot}`],
    ['challenger', code(change.data.challenger)],
    ['made from', code(change.data.parent)],
  ];
  if (gate !== null)
    pairs.push([
      'gate',
      html`${inline(gate.definition.name)}, policy ${gate.definition.policy} ${code(gate.digest)}`,
    ]);
  if (check !== null) {
    const { numbers = {} } = check.evidence ?? {};
    pairs.push([
      'test',
      html`${check.event.data.method ?? 'none'}: ${inline(check.event.data.sentence, 2000)}`,
    ]);
    pairs.push(['gain per item', html`${interval(numbers)}`]);
  }
  if (decided !== null) {
    const { budgetBefore, budgetAfter, decidedBy, epoch } = decided.data;
    pairs.push(['decided', html`${time(decided.at)}, by the check ${code(decidedBy)}`]);
    pairs.push([
      'alpha',
      budgetBefore === null || budgetAfter === null
        ? html`nothing was spent`
        : html`${fraction(budgetBefore)} before, ${fraction(budgetAfter)} after, in epoch ${epoch ?? 0}`,
    ]);
  }
  return facts(pairs);
}

/** For people: nothing is decided from it. */
function interval({
  gain,
  gainLower,
  gainUpper,
  confidence,
  challengerMean,
  championMean,
}: ShownNumbers): string {
  if (gain === undefined) return 'withheld, or none';
  const means =
    challengerMean === undefined || championMean === undefined
      ? ''
      : ` (${percent(challengerMean)} against ${percent(championMean)})`;
  const between =
    gainLower === null || gainLower === undefined || gainUpper === null || gainUpper === undefined
      ? ''
      : `; between ${points(gainLower)} and ${points(gainUpper)} with ${percent(confidence ?? 0)} confidence`;
  return `${points(gain)}${means}${between}`;
}

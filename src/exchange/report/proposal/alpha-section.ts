import { parseRational, toNumber } from '../../../../gates/policy/math/rational.ts';
import { inline, section, table } from '../elements.ts';
import { type Html, html } from '../html.ts';
import { plural } from '../words.ts';
import type { ProposalModel } from './proposal-model.ts';
import { fraction } from './proposal-words.ts';

/** One held-out test of the line. */
interface AlphaStep {
  readonly epoch: number;
  readonly proposal: string;
  readonly isMine: boolean;
  readonly level: string | null;
  readonly before: string | null;
  readonly after: string | null;
  readonly symbol: 'promote' | 'discard';
}

const stepsShownMax = 200;
const barWidth = 14;
const barGap = 4;
const barHeight = 110;

/** What was ever spent of alpha in this line: each test, the symbol that was disclosed, and what it left. */
export function alphaSection(model: ProposalModel): Html {
  const steps = stepsOf(model);
  const intro = html`<p>Each held-out test is carried out at a level that the alpha ledger gives, and each disclosed symbol shrinks what is left. Only the symbol leaves the gate.</p>\n`;
  if (steps.length === 0) {
    return section('alpha', 'Alpha', [intro, html`<p>No held-out test of this line was decided yet.</p>\n`]);
  }
  const shown = steps.slice(-stepsShownMax);
  const columns = [
    { title: '#', numeric: true },
    { title: 'epoch', numeric: true },
    { title: 'proposal' },
    { title: 'level of the test' },
    { title: 'symbol' },
    { title: 'budget before' },
    { title: 'budget after' },
  ];
  const offset = steps.length - shown.length;
  const rows = shown.map(({ epoch, proposal, isMine, level, symbol, before, after }, index) => [
    html`${offset + index + 1}`,
    html`${epoch}`,
    html`${inline(proposal)}${isMine ? html` <b>this one</b>` : null}`,
    html`${level === null ? 'none' : fraction(level)}`,
    html`${symbol}`,
    html`${before === null ? 'none' : fraction(before)}`,
    html`${after === null ? 'none' : fraction(after)}`,
  ]);
  return section('alpha', 'Alpha', [
    intro,
    ...picture(shown),
    table('Held-out tests of the line, in order', columns, rows),
    ...(offset === 0
      ? []
      : [html`<p class="more">${plural(offset, 'earlier test')} are not shown here.</p>\n`]),
  ]);
}

function stepsOf({ line, bundle, state }: ProposalModel): readonly AlphaStep[] {
  const refused = new Set(state.refused.map(({ revision }) => revision));
  const levels = new Map<string, string | null>();
  return line.flatMap((event): readonly AlphaStep[] => {
    if (refused.has(event.revision)) return [];
    if (event.type === 'CheckFinished' && event.data.kind === 'heldout')
      levels.set(event.data.proposal, event.data.level);
    if (event.type !== 'GateDecided' || event.data.symbol === null) return [];
    const { proposal, symbol, epoch, budgetBefore: before, budgetAfter: after } = event.data;
    const isMine = proposal === bundle.header.proposal;
    return [
      { epoch: epoch ?? 0, proposal, isMine, level: levels.get(proposal) ?? null, before, after, symbol },
    ];
  });
}

function picture(steps: readonly AlphaStep[]): readonly Html[] {
  const asNumber = (text: string | null): number => (text === null ? 0 : toNumber(parseRational(text)));
  const most = Math.max(...steps.map(({ before }) => asNumber(before)));
  if (!(most > 0)) return [];
  const last = steps.at(-1);
  const bars = [
    ...steps,
    ...(last === undefined ? [] : [{ ...last, isMine: false, level: null, before: last.after }]),
  ];
  const scaled = (text: string | null): number => (barHeight * asNumber(text)) / most;
  const width = Math.max(220, bars.length * (barWidth + barGap)) + 4;
  const drawn = bars.map(({ before, level, isMine }, index) => {
    const x = 2 + index * (barWidth + barGap);
    const [left, test] = [scaled(before), scaled(level)];
    const frame = isMine
      ? html`<rect class="mine" x="${x - 1}" y="${y(left) - 1}" width="${barWidth + 2}" height="${(left + 2).toFixed(2)}"/>`
      : null;
    return html`<rect class="left" x="${x}" y="${y(left)}" width="${barWidth}" height="${left.toFixed(2)}"/><rect class="level" x="${x}" y="${y(test)}" width="${barWidth}" height="${test.toFixed(2)}"/>${frame}\n`;
  });
  return [
    html`<svg class="alpha" role="img" aria-label="What was left of alpha before each held-out test, and after the last; the table has the numbers" viewBox="0 0 ${width} ${barHeight + 24}" width="${width}" height="${barHeight + 24}">
${drawn}<line x1="0" x2="${width}" y1="${barHeight + 4}" y2="${barHeight + 4}"/>
<text x="2" y="${barHeight + 18}">what is left, test by test; blue: the level</text>
</svg>\n`,
  ];
}

function y(height: number): number {
  return Number((barHeight + 3 - height).toFixed(2));
}

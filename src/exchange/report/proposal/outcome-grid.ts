import type { ItemOutcome } from '../../../../gates/checks/item-outcome.ts';
import { Html, html } from '../html.ts';
import { count, plural } from '../words.ts';

const columns = 40;
const cell = 16;
const gap = 3;
const itemsShownMax = 2000;

type Tone = 'both' | 'won' | 'lost' | 'neither' | 'open';

/** What the upper and the lower half are called. */
type Sides = readonly [string, string];
export const challengerAgainstChampion: Sides = ['challenger', 'champion'];

/**
 * One square per item, in the order of the test: its upper half is the challenger, its lower half the champion, filled where that
 * side scored. So it can be read without its colours.
 */
export function outcomeGrid(outcomes: readonly ItemOutcome[], caption: string, sides: Sides): Html {
  const shown = outcomes.slice(0, itemsShownMax);
  const rows = Math.ceil(shown.length / columns);
  const width = Math.min(columns, Math.max(1, shown.length)) * (cell + gap);
  const height = rows * (cell + gap);
  const cells = shown.map((outcome, index) => square(outcome, index, sides));
  const sums = summed(outcomes);
  const [upper, lower] = sides;
  const more =
    shown.length === outcomes.length
      ? null
      : html`<p class="more">${plural(outcomes.length - shown.length, 'more item')} are in the bundle and not shown here.</p>\n`;
  const label = `${caption}: both ${sums.both}, only the ${upper} ${sums.won}, only the ${lower} ${sums.lost}, neither ${sums.neither}, not graded ${sums.open}`;
  return html`<p>${caption}, item by item:</p>
<svg class="grid" role="img" aria-label="${label}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
${cells}</svg>
${legend(sums, isGraded(outcomes), sides)}${more}`;
}

function square(outcome: ItemOutcome, index: number, [upper, lower]: Sides): Html {
  const x = (index % columns) * (cell + gap);
  const y = Math.floor(index / columns) * (cell + gap);
  const { item, challenger, champion } = outcome;
  const told = html`<title>${item}: ${upper} ${scoreText(challenger)}, ${lower} ${scoreText(champion)}</title>`;
  return html`<g transform="translate(${x} ${y})">${told}${halves(toneOf(outcome), cell)}</g>\n`;
}

function halves(tone: Tone, size: number): Html {
  const half = size / 2;
  const frame = html`<rect class="cell" x=".3" y=".3" width="${size - 0.6}" height="${size - 0.6}"/>`;
  const part = (name: string, y: number, height: number): Html =>
    html`<rect class="${name}" y="${y}" width="${size}" height="${height}"/>`;
  switch (tone) {
    case 'both':
      return html`${frame}${part('both', 0, size)}`;
    case 'won':
      return html`${frame}${part('won', 0, half)}`;
    case 'lost':
      return html`${frame}${part('lost', half, half)}`;
    case 'open':
      return html`${frame}${part('open', size / 4, half)}`;
    case 'neither':
      return frame;
  }
}

function legend(sums: Readonly<Record<Tone, number>>, graded: boolean, [upper, lower]: Sides): Html {
  const texts: Readonly<Record<Tone, string>> = {
    both: graded ? 'the same on both sides' : 'both solve it',
    won: graded ? `the ${upper} does better` : `only the ${upper}`,
    lost: graded ? `the ${lower} does better` : `only the ${lower}`,
    neither: graded ? 'nothing on either side' : 'neither',
    open: 'not graded',
  };
  const tones: readonly Tone[] = ['both', 'won', 'lost', 'neither', 'open'];
  const items = tones
    .filter((tone) => tone !== 'open' || sums.open > 0)
    .map(
      (tone) =>
        html`<li><svg viewBox="0 0 16 16" aria-hidden="true">${halves(tone, cell)}</svg>${texts[tone]}: ${count(sums[tone])}</li>\n`,
    );
  return html`<ul class="legend">\n${items}</ul>\n`;
}

function summed(outcomes: readonly ItemOutcome[]): Record<Tone, number> {
  const sums = { both: 0, won: 0, lost: 0, neither: 0, open: 0 };
  for (const outcome of outcomes) sums[toneOf(outcome)] += 1;
  return sums;
}

function toneOf({ challenger, champion }: ItemOutcome): Tone {
  if (challenger === null || champion === null) return 'open';
  if (challenger === champion) return challenger > 0 ? 'both' : 'neither';
  return challenger > champion ? 'won' : 'lost';
}

function isGraded(outcomes: readonly ItemOutcome[]): boolean {
  return outcomes.some(({ challenger, champion }) =>
    [challenger, champion].some((score) => score !== null && score !== 0 && score !== 1),
  );
}

function scoreText(score: number | null): Html {
  return new Html(score === null ? 'not graded' : String(Number(score.toFixed(4))));
}

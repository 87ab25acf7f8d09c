import { text } from 'node:stream/consumers';

/**
 * Turns what a command printed into a picture for the README: `npm start 2>&1 | node tests/docs/terminal-picture.ts "npm start"
 * > docs/tutorial/start.svg`. The text stays text: it can be selected, and read out.
 */
const [title = ''] = process.argv.slice(2);
const [fontPx, linePx, padPx, characterPx] = [13, 18, 18, 7.83];
/** As a terminal of that width would cut it: wider, and the letters are too small on a page. */
const columnsMax = 150;
const lines = [`$ ${title}`, ...(await text(process.stdin)).trimEnd().split('\n')]
  .map((line) => line.trimEnd())
  .map((line) => (line.length > columnsMax ? `${line.slice(0, columnsMax - 1)}…` : line));
const widthPx = Math.ceil(Math.max(...lines.map((line) => line.length)) * characterPx + 2 * padPx);
const heightPx = lines.length * linePx + 2 * padPx;
const rows = lines.map(
  (line, index) =>
    `<text x="${padPx}" y="${padPx + (index + 0.75) * linePx}"${paint(line)}>${escaped(line)}</text>`,
);
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${widthPx} ${heightPx}" role="img">
<title>What ${escaped(title)} prints</title>
<rect width="100%" height="100%" rx="8" fill="#14181d"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${fontPx}" fill="#d5dbe1">
${rows.join('\n')}
</g>
</svg>
`);

function paint(line: string): string {
  if (line.startsWith('$ ')) return ' fill="#7ee0a3"';
  if (/^(Verified|Nothing|Trusted|Tree head|Decisions|Replayed)/.test(line)) return ' fill="#8cc8ff"';
  if (/^ +→/.test(line)) return line.includes('promoted') ? ' fill="#7ee0a3"' : ' fill="#f0c674"';
  return line.includes('█') ? ' fill="#f0c674"' : '';
}

function escaped(line: string): string {
  // Runs of blanks would be drawn as one; single ones stay what they are, so that commands can be copied.
  const blanks = (run: string): string => '\u00a0'.repeat(run.length);
  return line
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/^ +| {2,}/g, blanks);
}

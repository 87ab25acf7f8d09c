import { text } from 'node:stream/consumers';

/**
 * Turns what a command printed into a picture for the README: `npm start 2>&1 | node tests/docs/terminal-picture.ts "npm start"
 * > docs/tutorial/start.svg`. The text stays text: it can be selected, and read out.
 */
const [title = ''] = process.argv.slice(2);
const [fontPx, linePx, padPx, characterPx] = [13, 18, 18, 7.83];
const lines = [`$ ${title}`, ...(await text(process.stdin)).trimEnd().split('\n')].map((line) =>
  line.trimEnd(),
);
const widthPx = Math.ceil(Math.max(...lines.map((line) => line.length)) * characterPx + 2 * padPx);
const heightPx = lines.length * linePx + 2 * padPx;
const rows = lines.map(
  (line, index) =>
    `<text x="${padPx}" y="${padPx + (index + 0.75) * linePx}"${paint(line)}>${escaped(line)}</text>`,
);
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${widthPx} ${heightPx}" role="img">
<title>What ${escaped(title)} prints</title>
<rect width="100%" height="100%" rx="8" fill="#14181d"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${fontPx}" fill="#d5dbe1" xml:space="preserve">
${rows.join('\n')}
</g>
</svg>
`);

function paint(line: string): string {
  if (line.startsWith('$ ')) return ' fill="#7ee0a3"';
  if (/^(Verified|Nothing|Trusted|Tree head|Replayed)/.test(line)) return ' fill="#8cc8ff"';
  return line.includes('█') ? ' fill="#f0c674"' : '';
}

function escaped(line: string): string {
  return line.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

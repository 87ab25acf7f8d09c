import { structuredPatch } from 'diff';
import { block } from './elements.ts';
import { type Html, html } from './html.ts';
import { count, plural } from './words.ts';

/** A hostile pair of programs could keep a comparison busy for ever; beyond these the new program is shown as it is. */
const charactersMax = 64 * 1024;
const editsMax = 1000;
const linesShownMax = 120;
const lineCharactersMax = 400;

/** What a candidate changed in the one it came from: removed and added lines, with two lines around them. */
export function diffView(before: string, after: string): Html {
  if (before === after) return html`<p class="quiet">The same text as the candidate it came from.</p>\n`;
  const lines = patchLines(before, after);
  if (lines === null) return block(after);
  const shown = lines.slice(0, linesShownMax).map(lineMarkup);
  const rest = lines.length - shown.length;
  const more =
    rest === 0
      ? null
      : html`<p class="more">${plural(rest, 'more line')} of the change ${rest === 1 ? 'is' : 'are'} not shown here.</p>\n`;
  return html`<pre class="diff" dir="ltr" tabindex="0">
${shown}</pre>${more}\n`;
}

function patchLines(before: string, after: string): readonly string[] | null {
  if (Math.max(before.length, after.length) > charactersMax) return null;
  const patch = structuredPatch('', '', before, after, '', '', { context: 2, maxEditLength: editsMax });
  if (patch === undefined) return null;
  return patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines,
  ]);
}

function lineMarkup(line: string): Html {
  const text = line.length <= lineCharactersMax ? line : `${line.slice(0, lineCharactersMax)}…`;
  const cut = text === line ? '' : ` (${count(line.length - lineCharactersMax)} more characters)`;
  if (line.startsWith('+')) return html`<ins>${text}${cut}</ins>\n`;
  if (line.startsWith('-')) return html`<del>${text}${cut}</del>\n`;
  if (line.startsWith('@@')) return html`<i>${text}</i>\n`;
  return html`${text}${cut}\n`;
}

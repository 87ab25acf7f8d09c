import { Html, html, joined } from './html.ts';
import { count } from './words.ts';

/** Characters of one text that a report shows; the whole text is in the bundle. */
const charactersShownMax = 4000;

/** A text as it is, in a block of its own; cut where it is very long, and says so. */
export function block(text: string, charactersMax = charactersShownMax): Html {
  const cut = cutText(text, charactersMax);
  const more =
    cut.length < text.length
      ? html`<p class="more">${count(text.length - cut.length)} more characters are in the bundle and not shown here.</p>`
      : null;
  // The first line feed in a `pre` is not part of it.
  return html`<pre dir="ltr" tabindex="0">
${cut}</pre>${more}`;
}

/** A short text inside a line; other directions of writing stay inside it. */
export function inline(text: string, charactersMax = 200): Html {
  const cut = cutText(text, charactersMax);
  return html`<bdi>${cut}</bdi>${cut.length < text.length ? '…' : ''}`;
}

export function code(text: string, charactersMax = 200): Html {
  return html`<code>${inline(text, charactersMax)}</code>`;
}

/** Not through the middle of a character that takes two units. */
export function cutText(text: string, unitsMax: number): string {
  if (text.length <= unitsMax) return text;
  const last = text.charCodeAt(unitsMax - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? unitsMax - 1 : unitsMax);
}

export interface Column {
  readonly title: string;
  readonly numeric?: boolean;
}

/** A table with a caption; the first cell of each row is its heading. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Html[])[],
  kind: 'even' | 'plain' = 'plain',
): Html {
  const head = columns.map(({ title, numeric }) => html`<th scope="col"${cellClass(numeric)}>${title}</th>`);
  const body = rows.map(
    (cells) =>
      html`<tr>${cells.map((cell, index) =>
        index === 0
          ? html`<th scope="row"${cellClass(columns[index]?.numeric)}>${cell}</th>`
          : html`<td${cellClass(columns[index]?.numeric)}>${cell}</td>`,
      )}</tr>\n`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="${kind}">
<caption>${caption}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody></table></div>\n`;
}

function cellClass(numeric: boolean | undefined): Html {
  return new Html(numeric === true ? ' class="n"' : '');
}

/** Names and what they stand for. */
export function facts(pairs: readonly (readonly [string, Html])[]): Html {
  const rows = pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`);
  return html`<dl class="facts">\n${rows}</dl>\n`;
}

export function list(items: readonly Html[]): Html {
  return html`<ul>\n${items.map((item) => html`<li>${item}</li>\n`)}</ul>\n`;
}

/** A part of the page that is opened on demand. The id stands inside, so that a link to it opens it. */
export function folded(id: string | null, summary: Html, content: Html): Html {
  const anchor = id === null ? html`<div class="inside">` : html`<div class="inside" id="${id}">`;
  return html`<details><summary>${summary}</summary>${anchor}\n${content}</div></details>\n`;
}

export function section(id: string, title: string, content: readonly Html[]): Html {
  return html`<section aria-labelledby="${id}">\n<h2 id="${id}">${title}</h2>\n${joined(content)}</section>\n`;
}

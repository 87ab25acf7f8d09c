/** A piece of a page that is safe to be put into one. Only `html` and `joined` make it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

type Value = string | number | Html | readonly Html[] | null;

/**
 * A template whose values are escaped unless they are `Html` themselves: everything that a candidate or a model wrote goes
 * through here. Characters that would hide or move text are shown by their number.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  let markup = strings[0] ?? '';
  for (const [index, value] of values.entries()) {
    const inAttribute = markup.endsWith('="');
    markup += markupOf(value, inAttribute) + (strings[index + 1] ?? '');
  }
  return new Html(markup);
}

export function joined(pieces: readonly Html[], between = ''): Html {
  return new Html(pieces.map(({ markup }) => markup).join(between));
}

function markupOf(value: Value, inAttribute: boolean): string {
  if (value === null) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return joined(value).markup;
  const text = escaped(String(value));
  return inAttribute ? text.replaceAll(hiding, '\ufffd') : text.replaceAll(hiding, shown);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] as string);
}

/**
 * Control characters but tab and line feed, lone surrogates, and what Unicode has to turn text around, to join it, to break
 * it or to be there unseen: also the tags and the selectors of variants, in which whole messages have been hidden.
 */
const hiding = /[\p{Default_Ignorable_Code_Point}\p{Cs}\u2028\u2029\ufff9-\ufffb]|(?![\t\n])\p{Cc}/gu;

function shown(character: string): string {
  const number = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0');
  return `<span class="ctl">U+${number}</span>`;
}

import { PawlError } from '../kernel/pawl-error.ts';

/** A template is kept in the ledger and rendered for every request; larger ones are refused. */
export const templateBytesMax = 256 * 1024;

/** Names that stand for a text, in double braces. Those of a turn are known inside `{{#turns}} … {{/turns}}` only. */
export const taskPlaceholders = [
  'task',
  'language',
  'entryPoint',
  'statement',
  'publicTests',
  'givenProgram',
] as const;
export const turnPlaceholders = ['number', 'program', 'feedback'] as const;

/** A checked template. Equal texts render equally for ever: what it gives is part of what replay compares. */
export interface PromptTemplate {
  readonly text: string;
  readonly parts: readonly Part[];
}

export type Placeholder = (typeof taskPlaceholders)[number] | (typeof turnPlaceholders)[number];
export type Part =
  | string
  | { readonly placeholder: Placeholder }
  | { readonly section: Placeholder | 'turns'; readonly parts: readonly Part[] };

/**
 * Reads a template: text with `{{placeholder}}`; `{{#turns}} … {{/turns}}`, repeated for every earlier turn, oldest first; and
 * `{{#placeholder}} … {{/placeholder}}`, left out where that text is empty. A line that holds nothing but the beginning or the
 * end of a section is not part of the prompt. `\{{` stands for two braces.
 *
 * @throws PawlError `PROMPT_TEMPLATE_INVALID` saying what is wrong in which line and column (both from 1)
 */
export function parsePromptTemplate(text: string): PromptTemplate {
  if (Buffer.byteLength(text) > templateBytesMax) {
    const message = `The prompt template has ${Buffer.byteLength(text)} bytes; at most ${templateBytesMax} are kept.`;
    throw new PawlError('PROMPT_TEMPLATE_INVALID', message);
  }
  if (!text.isWellFormed()) {
    throw new PawlError('PROMPT_TEMPLATE_INVALID', 'The prompt template is not well-formed Unicode text.');
  }
  return { text, parts: new TemplateReader(text).parts(null) };
}

/** An escaped pair of braces, or a tag; a tag that has its line to itself takes the line break with it. */
const tokens = /\\\{\{|\{\{(?<tag>[^{}\n]*)\}\}|\{\{/g;
const tagShape = /^\s*(?<kind>[#/]?)\s*(?<name>[A-Za-z]+)\s*$/;

interface Tag {
  readonly kind: string;
  readonly name: string;
  readonly at: number;
}

class TemplateReader {
  readonly #text: string;
  readonly #open: Tag[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Up to the end of this section, or of the text. */
  parts(section: Tag | null): readonly Part[] {
    const parts: Part[] = [];
    for (;;) {
      const token = this.#nextToken();
      if (token === null) {
        parts.push(this.#text.slice(this.#at));
        if (section !== null)
          throw this.#invalid(section.at, `{{#${section.name}}} is never closed with {{/${section.name}}}`);
        return parts;
      }
      const { before, tag } = token;
      parts.push(before);
      if (tag === null) parts.push('{{');
      else if (tag.kind === '/') {
        if (tag.name === section?.name) return parts;
        throw this.#invalid(tag.at, this.#strayEnd(tag, section));
      } else if (tag.kind === '#') parts.push(this.#section(tag));
      else parts.push({ placeholder: this.#known(tag) });
    }
  }

  #section(tag: Tag): Part {
    const section = tag.name === 'turns' ? 'turns' : this.#known(tag);
    if (this.#open.some(({ name }) => name === tag.name))
      throw this.#invalid(tag.at, `{{#${tag.name}}} stands inside itself`);
    this.#open.push(tag);
    const parts = this.parts(tag);
    this.#open.pop();
    return { section, parts };
  }

  #nextToken(): { readonly before: string; readonly tag: Tag | null } | null {
    tokens.lastIndex = this.#at;
    const found = tokens.exec(this.#text);
    if (found === null) return null;
    const start = found.index;
    const end = tokens.lastIndex;
    const from = this.#at;
    this.#at = end;
    if (found[0].startsWith('\\')) return { before: this.#text.slice(from, start), tag: null };
    const shape = tagShape.exec(found.groups?.['tag'] ?? '')?.groups;
    if (shape === undefined)
      throw this.#invalid(start, 'this is no tag; two braces that are meant as such are written \\{{');
    const tag = { kind: shape['kind'] ?? '', name: shape['name'] ?? '', at: start };
    if (tag.kind === '') return { before: this.#text.slice(from, start), tag };
    const line = this.#ownLine(start, end);
    if (line === null) return { before: this.#text.slice(from, start), tag };
    this.#at = line.end;
    return { before: this.#text.slice(from, Math.max(from, line.start)), tag };
  }

  /** The line around these offsets, its break included, where nothing but blanks stands beside them. */
  #ownLine(start: number, end: number): { readonly start: number; readonly end: number } | null {
    const lineStart = this.#text.lastIndexOf('\n', start - 1) + 1;
    const lineBreak = this.#text.indexOf('\n', end);
    const lineEnd = lineBreak < 0 ? this.#text.length : lineBreak + 1;
    const beside = this.#text.slice(start === 0 ? 0 : lineStart, start) + this.#text.slice(end, lineEnd);
    return beside.trim() === '' ? { start: start === 0 ? 0 : lineStart, end: lineEnd } : null;
  }

  #known(tag: Tag): Placeholder {
    const task = taskPlaceholders.find((known) => known === tag.name);
    if (task !== undefined) return task;
    const turn = turnPlaceholders.find((known) => known === tag.name);
    if (turn === undefined) {
      const known = [...taskPlaceholders, ...turnPlaceholders].join(', ');
      throw this.#invalid(tag.at, `there is no "${tag.name}". Known: ${known}, and the section turns`);
    }
    if (this.#open.some(({ name }) => name === 'turns')) return turn;
    throw this.#invalid(tag.at, `"${turn}" is of one turn; it is known inside {{#turns}} … {{/turns}}`);
  }

  #strayEnd({ name }: Tag, section: Tag | null): string {
    return section === null
      ? `{{/${name}}} ends what never began`
      : `{{/${name}}} stands where {{#${section.name}}} has to be closed`;
  }

  #invalid(at: number, problem: string): PawlError {
    const before = this.#text.slice(0, at);
    const line = before.split('\n').length;
    const column = at - before.lastIndexOf('\n');
    return new PawlError(
      'PROMPT_TEMPLATE_INVALID',
      `The prompt template, line ${line}, column ${column}: ${problem}.`,
      { context: { line, column } },
    );
  }
}

import type { Language } from '../../src/events/task-view.ts';

/** Hashes of a program's token trigrams, ascending, each as often as it occurs. */
export type ProgramSketch = readonly number[];

/** From here on two programs count as nearly the same. Two of 100 tokens that differ in one token are at 0.97. */
export const nearlySame = 0.95;

const strings = `"""[\\s\\S]*?"""|'''[\\s\\S]*?'''|"(?:\\\\.|[^"\\\\\\n])*"|'(?:\\\\.|[^'\\\\\\n])*'`;
const words = '[\\p{L}_$][\\p{L}\\p{N}_$]*|\\d[\\w.]*|[^\\s]';
const patterns: Readonly<Record<Language, RegExp>> = {
  // Any language: what is a comment is not known, so all of the text counts.
  command: new RegExp(`(${words})`, 'gu'),
  python: new RegExp(`#[^\\n]*|(${strings}|${words})`, 'gu'),
  javascript: new RegExp(`//[^\\n]*|/\\*[\\s\\S]*?\\*/|(${strings}|\`(?:\\\\.|[^\`\\\\])*\`|${words})`, 'gu'),
};

/** A triple-quoted string that is a statement of its own. */
const docstring = /^[ \t]*[rRuU]?(?:"""[\s\S]*?"""|'''[\s\S]*?''')[ \t]*$/gm;

/** Tokens without comments, docstrings and white space: what is left when somebody only rewrites how a program looks. */
export function tokensOf(text: string, language: Language): readonly string[] {
  const source = language === 'python' ? text.replaceAll(docstring, '') : text;
  return [...source.matchAll(patterns[language])].flatMap(([, token]) =>
    token === undefined ? [] : [token],
  );
}

export function sketchOf(source: string, language: Language): ProgramSketch {
  const tokens = tokensOf(source, language);
  const grams: number[] = [];
  for (let at = 0; at < Math.max(1, tokens.length - 2); at += 1) {
    grams.push(hashOf(tokens.slice(at, at + 3).join('\n')));
  }
  return grams.sort((left, right) => left - right);
}

/**
 * Sørensen–Dice coefficient of the two multisets of trigrams, `2·|A ∩ B| ÷ (|A| + |B|)`, from 0 to 1 (Dice, 1945; Sørensen,
 * 1948).
 */
export function similarity(left: ProgramSketch, right: ProgramSketch): number {
  let common = 0;
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const a = left[i] as number;
    const b = right[j] as number;
    if (a === b) common += 1;
    if (a <= b) i += 1;
    if (b <= a) j += 1;
  }
  return (2 * common) / (left.length + right.length);
}

/** FNV-1a over UTF-16 code units, 32 bits; two trigrams that share a hash make programs look a little more alike. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}

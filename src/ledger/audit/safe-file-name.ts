import { sha256Hex } from '../../kernel/digest.ts';

const charactersMax = 150;

/**
 * A file name that stands for a text, and for no other: what could mean anything to a file system is written as `%` and its
 * hexadecimal bytes, and a long text ends in its digest.
 */
export function safeFileName(text: string): string {
  const safe = [...Buffer.from(text, 'utf8').toString('latin1')]
    .map((character, index) =>
      /[A-Za-z0-9_-]/.test(character) || (character === '.' && index > 0)
        ? character
        : `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
    )
    .join('');
  return safe.length <= charactersMax ? safe : `${safe.slice(0, 80)}-${sha256Hex(text)}`;
}

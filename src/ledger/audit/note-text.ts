/** A note of more bytes is refused unread; a checkpoint with a hundred signatures has a twentieth of it. */
export const noteBytesMax = 1_000_000;

const newline = 0x0a;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A note's bytes as text, or undefined when they are not what a signed note may be made of: valid UTF-8 without ASCII control
 * characters other than newline, of bounded length.
 */
export function decodeNoteText(note: string | Uint8Array): string | undefined {
  if (Buffer.byteLength(note) > noteBytesMax) return undefined;
  if (typeof note === 'string') return isNoteText(note) ? note : undefined;
  try {
    const text = utf8.decode(note);
    return isNoteText(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Lone surrogates have no UTF-8, so a text with one could not be signed as it is. */
function isNoteText(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 && code !== newline) return false;
  }
  return text.isWellFormed();
}

/** Rules of the C2SP signed-note for the name of a key; the characters a note cannot hold are none of a name either. */
export function isKeyName(name: string): boolean {
  return name !== '' && !/[\p{White_Space}+]/u.test(name) && isNoteText(name);
}

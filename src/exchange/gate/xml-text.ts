/** What XML 1.0 cannot hold, not even as a reference: control characters, lone surrogates, and two that are no characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
const impossible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A reader would make blanks or line feeds of these, in attributes and at the ends of lines.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Any text as XML, for elements and attributes alike; what cannot stand there is shown by its number, as `\u0007`. */
export function xmlText(text: string): string {
  return text
    .replaceAll(impossible, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll(/[&<>"'\t\n\r]/g, (character) => references[character] as string);
}

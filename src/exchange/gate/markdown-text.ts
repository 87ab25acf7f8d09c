/** Characters that would hide or move text, or end a cell. */
const hiding = /[\p{Default_Ignorable_Code_Point}\p{Cs}\u2028\u2029\ufff9-\ufffb]|(?![\t\n\r])\p{Cc}/gu;

/** Any text as one line of Markdown that says exactly that: no markup, no link, no cell of its own. */
export function markdownText(text: string): string {
  return text
    .replaceAll(hiding, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]|~$]|^[#+=-]/g, '\\$&');
}

/** Characters (UTF-16 units) kept of one text in a result. */
export const textCharsMax = 2_000;

/** The beginning of a long text with an honest mark of what is missing; never splits a surrogate pair. */
export function capText(text: string, charsMax: number = textCharsMax): string {
  if (text.length <= charsMax) return text;
  const last = text.charCodeAt(charsMax - 1);
  const end = last >= 0xd800 && last <= 0xdbff ? charsMax - 1 : charsMax;
  return `${text.slice(0, end)}… [${text.length - end} more characters]`;
}

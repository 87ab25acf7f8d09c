/**
 * Text by which two programs count as the same proposal: blank lines and white space at the ends of lines do not matter.
 * White space inside a line does; it may stand in a string.
 */
export function normalizedText(program: string): string {
  return program
    .replaceAll(/[ \t\r]+$/gm, '')
    .replaceAll(/\n{2,}/g, '\n')
    .trim();
}

/** The first so many UTF-16 units as text that can be stored: a lone surrogate, given or made by the cut, becomes U+FFFD. */
export function cutText(text: string, unitsMax: number): string {
  return text.slice(0, unitsMax).toWellFormed();
}

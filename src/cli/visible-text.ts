/**
 * Shows control characters instead of sending them to the terminal. Programs, what they print and what a model says about them
 * are printed by `pawl show`; none of them may move the cursor, hide text or rename the window. Line feeds and tabs stay.
 */
export function visibleText(text: string): string {
  return text.replaceAll(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

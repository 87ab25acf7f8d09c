/** Parts of a Python literal. Strings hold no backslash; see `doctestCases`. */
const tokenPattern =
  /\s*(?:(?<string>'[^'\\]*'|"[^"\\]*")|(?<number>-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?<name>True|False|None)\b|(?<open>[[({])|(?<close>[\])}])|(?<comma>,)|(?<colon>:))/y;

/** Whether the whole text is one Python literal: a number, string, constant, list, tuple, set or dict of literals. */
export function isPythonLiteral(text: string): boolean {
  const end = skipValue(text, 0);
  return end !== null && text.slice(end).trim() === '';
}

/** Whether the whole text is one call of the named function on literals, with positional arguments only. */
export function isPythonCall(text: string, name: string): boolean {
  if (!text.startsWith(`${name}(`)) return false;
  const end = skipItems(text, name.length + 1, ')', false);
  return end !== null && text.slice(end).trim() === '';
}

function tokenAt(text: string, at: number): RegExpExecArray | null {
  tokenPattern.lastIndex = at;
  return tokenPattern.exec(text);
}

/** Offset after the value that starts at `at`, or null when none does. */
function skipValue(text: string, at: number): number | null {
  const token = tokenAt(text, at);
  const groups = token?.groups;
  if (token === null || groups === undefined) return null;
  const next = at + token[0].length;
  if (groups['string'] !== undefined || groups['number'] !== undefined || groups['name'] !== undefined)
    return next;
  const open = groups['open'];
  if (open === undefined) return null;
  return skipItems(text, next, open === '[' ? ']' : open === '(' ? ')' : '}', open === '{');
}

/** Offset after the closing bracket of comma-separated values (`key: value` pairs where allowed), or null. */
function skipItems(text: string, start: number, close: string, pairs: boolean): number | null {
  let at = start;
  for (;;) {
    const token = tokenAt(text, at);
    if (token?.groups?.['close'] === close) return at + token[0].length;
    let end = skipValue(text, at);
    if (end === null) return null;
    let after = tokenAt(text, end);
    if (pairs && after?.groups?.['colon'] !== undefined) {
      end = skipValue(text, end + after[0].length);
      if (end === null) return null;
      after = tokenAt(text, end);
    }
    if (after === null) return null;
    const following = end + after[0].length;
    if (after.groups?.['close'] === close) return following;
    if (after.groups?.['comma'] === undefined) return null;
    at = following;
  }
}

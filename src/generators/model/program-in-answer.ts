import { parses } from '../../mutation/parse-program.ts';

/** Others are marked with their own name. */
const names: ReadonlyMap<string, readonly string[]> = new Map([
  ['javascript', ['javascript', 'js', 'mjs', 'node']],
  ['python', ['python', 'py', 'python3']],
]);
const opening = /^ {0,3}(?<fence>`{3,}|~{3,})[ \t]*(?<name>[^\s`{]*)[^`]*$/;

interface CodeBlock {
  readonly name: string;
  readonly code: string;
}

/**
 * The program that an answer holds: its last code block that is marked with this syntax, else its last code block, else all of it
 * where that is code; null where there is none. A block that is never closed (the answer was cut off) ends with the answer.
 */
export function programInAnswer(answer: string, syntax: string, entryPoint: string): string | null {
  const blocks = codeBlocksOf(answer);
  const own = blocks.findLast(({ name }) => (names.get(syntax) ?? [syntax]).includes(name.toLowerCase()));
  const block = own ?? blocks.at(-1);
  if (block !== undefined) return block.code;
  return isCode(answer, syntax, entryPoint) ? answer : null;
}

function codeBlocksOf(answer: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { readonly fence: string; readonly name: string; readonly lines: string[] } | null = null;
  const close = (): void => {
    if (open !== null) blocks.push({ name: open.name, code: open.lines.map((line) => `${line}\n`).join('') });
    open = null;
  };
  for (const line of answer.split(/\r?\n/)) {
    if (open !== null) {
      if (isClosing(line, open.fence)) close();
      else open.lines.push(line);
      continue;
    }
    const { fence, name } = opening.exec(line)?.groups ?? {};
    if (fence !== undefined) open = { fence, name: name ?? '', lines: [] };
  }
  close();
  return blocks;
}

/** At least as long as the one that it closes, and alone on its line. */
function isClosing(line: string, fence: string): boolean {
  const text = line.trim();
  return text.length >= fence.length && text === fence.charAt(0).repeat(text.length);
}

/** Words alone can parse as JavaScript; a program for the task names what it has to define. */
function isCode(text: string, syntax: string, entryPoint: string): boolean {
  if (syntax === 'json') return isJsonObject(text);
  if (!text.includes(entryPoint)) return false;
  if (syntax === 'javascript') return parses(text);
  if (syntax !== 'python') return false;
  const [first = ''] = text.split('\n').filter((line) => line.trim() !== '');
  const begins = /^(#|@|import |from \w[\w.]* import |(async )?def |class |[A-Za-z_]\w* *(:[^=]*)?= )/;
  return begins.test(first) && /^(async )?(def|class) /m.test(text);
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

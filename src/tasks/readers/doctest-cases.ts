import type { TestCase } from '../../events/test-spec.ts';
import { isPythonCall, isPythonLiteral } from './python-literal.ts';

/**
 * The examples of a docstring (`>>> f(x)` and the value below it) as cases. Only what is beyond doubt is taken: the call is
 * one call of the entry point on literals, and all that follows up to a blank line or the next example is one literal.
 * Lines with a backslash are passed over, because what they mean depends on the docstring's own escapes.
 */
export function doctestCases(prompt: string, entryPoint: string): TestCase[] {
  const lines = prompt.split('\n').map((line) => line.trim());
  const cases: TestCase[] = [];
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith('>>>')) continue;
    const call = line.slice(3).trim();
    const expected = lines.slice(index + 1, endOfValue(lines, index + 1)).join(' ');
    if (!isPythonCall(call, entryPoint) || !isPythonLiteral(expected)) continue;
    cases.push({ id: `example-${cases.length + 1}`, call, expected });
  }
  return cases;
}

function endOfValue(lines: readonly string[], start: number): number {
  let end = start;
  while (end < lines.length && !/^$|^>>>|^("""|''')/.test(lines[end] as string)) end += 1;
  return end;
}

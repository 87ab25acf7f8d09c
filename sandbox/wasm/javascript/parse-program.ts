import { type Program, parse } from 'acorn';
import { messageOf } from '../../../src/kernel/pawl-error.ts';

export type ParsedProgram =
  | { readonly ok: true; readonly program: Program }
  | { readonly ok: false; readonly message: string; readonly line: number | null };

/** UTF-16 units; parsing happens on the host, so its cost must be bounded there. */
const programCharsMax = 1_048_576;

/** Parses a script. Test scripts may `await` and `return` at the top level, because they become a function's body. */
export function parseProgram(source: string, asFunctionBody = false): ParsedProgram {
  if (source.length > programCharsMax) {
    return {
      ok: false,
      message: `The program has ${source.length} characters, too many to parse`,
      line: null,
    };
  }
  try {
    const program = parse(source, {
      ecmaVersion: 'latest',
      sourceType: 'script',
      allowAwaitOutsideFunction: asFunctionBody,
      allowReturnOutsideFunction: asFunctionBody,
    });
    return { ok: true, program };
  } catch (error) {
    if (error instanceof RangeError) {
      return { ok: false, message: 'The program is nested too deeply to parse', line: null };
    }
    const line = error instanceof SyntaxError && 'loc' in error ? (error.loc as { line: number }).line : null;
    return { ok: false, message: messageOf(error).replace(/ \(\d+:\d+\)$/u, ''), line };
  }
}

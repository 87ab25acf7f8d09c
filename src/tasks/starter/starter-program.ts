import type { TestCase } from '../../events/test-spec.ts';
import { invariant } from '../../kernel/pawl-error.ts';

/** A correct program of the starter suite with its tests; see `docs/reference/starter-suite.md`. */
export interface StarterProgram {
  /** Name of its file without the extension, for example `roman-numerals`. */
  readonly id: string;
  readonly entryPoint: string;
  readonly statement: string;
  readonly source: string;
  readonly publicCases: readonly TestCase[];
  readonly hiddenCases: readonly TestCase[];
}

const filePattern =
  /^\/\*\*\n(?<statement>(?: \* .*\n)+) \*\/\n(?<source>.*\n)\n\/\/ public\n(?<publicTests>(?:\/\/ {3}.*\n)+)\/\/ hidden\n(?<hiddenTests>(?:\/\/ {3}.*\n)+)$/s;

/**
 * Takes a program file apart: a block comment that begins with a call of the entry point and states the problem, the
 * program, and two lists of tests, each line `//   CALL -> EXPECTED`.
 */
export function parseStarterProgram(id: string, text: string): StarterProgram {
  const groups = filePattern.exec(text)?.groups;
  invariant(groups !== undefined, `The starter program "${id}" does not have the shape of one.`);
  const statement = (groups['statement'] ?? '').replaceAll(/^ \* /gm, '').trim().replaceAll('\n', ' ');
  const entryPoint = /^\w+(?=\()/.exec(statement)?.[0];
  invariant(entryPoint !== undefined, `The starter program "${id}" does not begin with its entry point.`);
  return {
    id,
    entryPoint,
    statement,
    source: groups['source'] ?? '',
    publicCases: parseCases(id, 'public', groups['publicTests'] ?? ''),
    hiddenCases: parseCases(id, 'hidden', groups['hiddenTests'] ?? ''),
  };
}

function parseCases(id: string, kind: string, text: string): TestCase[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line, index) => {
      const [call, expected, ...more] = line.slice('//   '.length).split(' -> ');
      invariant(
        call !== undefined && expected !== undefined && more.length === 0,
        `The starter program "${id}" has a test that is not CALL -> EXPECTED: ${line}`,
      );
      return { id: `${kind}-${index + 1}`, call, expected };
    });
}

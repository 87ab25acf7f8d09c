import { describe, expect, it } from 'vitest';
import { documented, namedAfterItsExport, passedOn } from './rules/export-rules.ts';
import type { TidyRule } from './rules/finding.ts';
import { linksResolve } from './rules/link-rules.ts';
import { noAmbientState, noAny, noDefaultExports, noReExports } from './rules/syntax-rules.ts';
import * as text from './rules/text-rules.ts';

const inFile = (rule: TidyRule, source: string, path = 'src/room/file.ts'): readonly string[] =>
  rule(path, source).map((found) => found.replace(`${path}:`, ''));

describe('text rules', () => {
  it('count lines and forgive named files', () => {
    const long = 'x\n'.repeat(251);
    expect(inFile(text.fileLength({}), long)).toEqual(['251 more than 250 lines']);
    expect(inFile(text.fileLength({ 'src/room/file.ts': 'reason' }), long)).toEqual([]);
    expect(inFile(text.fileLength({}), 'x\n'.repeat(250))).toEqual([]);
  });

  it('measure comments and leave code to the formatter', () => {
    const wide = 'y'.repeat(140);
    expect(inFile(text.commentWidth, `const x = '${wide}';\n// ${wide}\n * ${wide}\n`)).toEqual([
      '2 a comment of more than 130 columns',
      '3 a comment of more than 130 columns',
    ]);
  });

  it('see blanks, tabs and missing ends', () => {
    expect(inFile(text.noTabs, 'a\n\tb\n')).toEqual(['2 a tab']);
    expect(inFile(text.noTrailingBlanks, 'a \nb\r\nc\n')).toEqual([
      '1 a trailing blank',
      '2 a trailing blank',
    ]);
    expect(inFile(text.endsWithNewline, 'a')).toHaveLength(1);
    expect(inFile(text.endsWithNewline, 'a\n\n')).toHaveLength(1);
    expect(inFile(text.endsWithNewline, 'a\n')).toEqual([]);
  });

  it('see notes to self in comments', () => {
    const word = ['TO', 'DO'].join('');
    expect(inFile(text.noLeftovers, `a(); // ${word}: more\nconst s = '${word}';\n`)).toEqual([
      '1 a note to self',
    ]);
  });

  it('see places on one machine, not addresses or relative paths', () => {
    const at = (...parts: readonly string[]): string => `open('/${parts.join('/')}');\n`;
    expect(inFile(text.noMachinePaths, at('home', 'me') + at('tmp', 'x') + at('work', 'y'))).toHaveLength(3);
    expect(inFile(text.noMachinePaths, "open('./tmp/x', 'https://a.b/home/c', 'a/work/b');\n")).toEqual([]);
  });

  it('see registries and names that are not kebab-case', () => {
    expect(inFile(text.noRegistryHosts, 'https://registry.npmjs.org/zod\n')).toHaveLength(1);
    expect(text.kebabCaseName('src/EventStore.ts', '')).toHaveLength(1);
    expect(text.kebabCaseName('src/event_store.ts', '')).toHaveLength(1);
    expect(text.kebabCaseName('tests/event-store.test.ts', '')).toEqual([]);
  });
});

describe('syntax rules', () => {
  it('see default exports, any and re-exports', () => {
    expect(inFile(noDefaultExports, 'export default 1;\n')).toEqual(['1 a default export']);
    expect(inFile(noDefaultExports, 'export default class A {}\n')).toEqual(['1 a default export']);
    expect(inFile(noAny, "// any\nconst any = 'any';\nlet x: any;\n")).toEqual(['3 any']);
    expect(
      inFile(noReExports, "export { a } from './a.ts';\nexport * from './b.ts';\nexport const c = 1;\n"),
    ).toEqual(['1 a re-export', '2 a re-export']);
  });

  it.each([
    'Date.now()',
    'new Date()',
    'Math.random()',
    'performance.now()',
    'setTimeout(f, 1)',
    'process.env',
    'console.log(1)',
    'globalThis.fetch',
    '[crypto]',
    '({ fetch })',
    'Promise.resolve()',
    'new Date(2026, 0, 1)',
    "'a'.localeCompare('b')",
    '(1000).toLocaleString()',
    'new Date(0).getHours()',
    'new Intl.Collator()',
    'import.meta.url',
    "import('./other.ts')",
    'new Function()',
    "eval('1')",
  ])('see %s in a pure room', (expression) => {
    expect(inFile(noAmbientState, `export const x = ${expression};\n`)).toHaveLength(1);
  });

  it('do not mistake members, types, comments and texts for ambient state', () => {
    const source = `
      // Date.now() and process
      interface Row { readonly process: string; fetch(): void }
      export const f = (row: Row, at: Date): string => row.process + 'console' + new Date(0).getTime() + at.getTime();
      export const g = { process: 1, console: 2 };
      export type Later = Promise<string>;
    `;
    expect(inFile(noAmbientState, source)).toEqual([]);
  });
});

describe('export rules', () => {
  const always = documented(() => true);

  it('see what has no docstring', () => {
    expect(
      inFile(always, 'export function f() {}\n/** Told. */\nexport interface I {}\nexport class C {}\n'),
    ).toEqual(['1 function f has no docstring', '4 class C has no docstring']);
  });

  it('compare a single export with the name of its file', () => {
    const named = namedAfterItsExport({});
    expect(inFile(named, 'export function openFile() {}\n')).toEqual([]);
    expect(inFile(named, 'export class Other {}\n')).toEqual(['1 exports Other alone']);
    expect(inFile(named, 'export class Other {}\nexport const another = 1;\n')).toEqual([]);
    expect(inFile(namedAfterItsExport({ 'src/room/file.ts': 'reason' }), 'export class Other {}\n')).toEqual(
      [],
    );
  });

  it('know what a barrel passes on', () => {
    const barrel = "export { a, type B, c as d } from './x.ts';\nexport type { E } from '../y.ts';\n";
    expect([...passedOn('src/index.ts', barrel)]).toEqual([
      ['./x.ts', new Set(['a', 'B', 'c'])],
      ['../y.ts', new Set(['E'])],
    ]);
  });
});

describe('the link rule', () => {
  const rule = linksResolve(['README.md', 'docs/a.md', 'docs/pictures/b.svg']);
  const links = (page: string): readonly string[] => inFile(rule, page, 'docs/a.md');

  it('follows relative links, directories, pictures and headings', () => {
    expect(
      links(
        '# A b\n[x](../README.md#y) [p](pictures/) ![](pictures/b.svg) <img src="pictures/b.svg"> [h](#a-b)\n',
      ),
    ).toEqual([]);
    expect(links('[x](gone.md)\n<img src="pictures/c.svg">\n[h](#elsewhere)\n')).toEqual([
      '1 a link to docs/gone.md, which does not exist',
      '2 a link to docs/pictures/c.svg, which does not exist',
      '3 no heading #elsewhere',
    ]);
  });

  it('leaves addresses and code alone', () => {
    expect(links('[w](https://example.org/x) `[x](gone.md)`\n```\n[x](gone.md)\n```\n')).toEqual([]);
  });
});

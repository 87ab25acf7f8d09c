import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyMutation, inverseOf } from '../../src/mutation/mutation.ts';
import { mutationsOf } from '../../src/mutation/mutations-of.ts';
import { parseProgram, parses } from '../../src/mutation/parse-program.ts';
import { programs } from './fixtures.ts';
import { randomProgram } from './random-program.ts';

const dataFile = '../shared/data/humanevalpack-js/humanevalpack.jsonl';

/** All that must hold of the mutations of any program; returns how many there are. */
function checkAll(source: string): number {
  const mutations = mutationsOf(parseProgram(source));
  const results = new Set<string>([source]);
  const problems: string[] = [];
  for (const mutation of mutations) {
    const { start, end } = mutation.range;
    const result = applyMutation(source, mutation);
    const rest = result.slice(0, start) + result.slice(start + mutation.replacement.length);
    const line = source.slice(0, start).split('\n').length;
    const holds = {
      'the range lies in the source': start >= 0 && start <= end && end <= source.length,
      'all other text is unchanged': rest === source.slice(0, start) + source.slice(end),
      'the result is new': !results.has(result),
      'the result parses': parses(result),
      'the inverse restores the source': applyMutation(result, inverseOf(source, mutation)) === source,
      'the description fits': mutation.description.length <= 200 && mutation.description.isWellFormed(),
      'the line is right': mutation.description.startsWith(`line ${line}: `),
    };
    for (const [claim, held] of Object.entries(holds)) {
      if (!held) problems.push(`not so: ${claim}: ${JSON.stringify(mutation)}\n${result}`);
    }
    results.add(result);
  }
  expect(problems).toEqual([]);
  return mutations.length;
}

describe('mutations of a program', () => {
  test.each(Object.keys(programs))('of %s parse, differ, invert and have right offsets', (name) => {
    expect(checkAll(programs[name] ?? '')).toBeGreaterThan(10);
  });

  test('of random programs parse, differ, invert and have right offsets', () => {
    fc.assert(
      fc.property(randomProgram, (source) => {
        checkAll(source);
      }),
      { numRuns: 30 },
    );
  });

  test.skipIf(!existsSync(dataFile))('of published programs parse, differ and invert', () => {
    const rows = readFileSync(dataFile, 'utf8').trim().split('\n');
    const step = process.env['PAWL_LONG'] === '1' ? 1 : 8;
    let total = 0;
    for (let at = 0; at < rows.length; at += step) {
      const row = JSON.parse(rows[at] ?? '');
      if (parses(row.declaration + row.buggy_solution))
        total += checkAll(row.declaration + row.buggy_solution);
    }
    expect(total).toBeGreaterThan(5000);
  });

  test('come in the same order every time, by place', () => {
    const source = programs['words'] ?? '';
    const first = mutationsOf(parseProgram(source));
    expect(mutationsOf(parseProgram(source))).toEqual(first);
    const starts = first.map(({ range }) => range.start);
    expect(starts).toEqual([...starts].sort((left, right) => left - right));
  });

  test('take literals from hints', () => {
    const source = "const name = () => 'Jon';\nconst age = () => 40;\n";
    const found = mutationsOf(parseProgram(source), { numbers: ['97'], strings: ["O'Neil"] });
    const hinted = found.filter(({ operator }) => operator.endsWith('-hint'));
    expect(hinted.map((mutation) => applyMutation(source, mutation))).toEqual([
      "const name = () => 'O\\'Neil';\nconst age = () => 40;\n",
      "const name = () => 'Jon';\nconst age = () => 97;\n",
    ]);
  });

  test('describe what happened', () => {
    const source = 'function less(a, b) {\n  return a < b;\n}\n';
    const descriptions = mutationsOf(parseProgram(source)).map(({ description }) => description);
    expect(descriptions).toContain('line 2: `<` became `<=`');
    expect(descriptions).toContain('line 2: removed `return`');
  });
});

test('a program that does not parse is refused with its line', () => {
  expect(() => parseProgram('const a = 1;\nconst = 2;\n')).toThrow(
    expect.objectContaining({ code: 'GENERATOR_UNSUITABLE', context: { line: 2 } }),
  );
});

test('a module parses as well', () => {
  expect(parseProgram("import a from 'a';\nexport const b = await a;\n").sites.length).toBeGreaterThan(5);
});

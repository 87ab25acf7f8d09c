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
  for (const mutation of mutations) {
    const { start, end } = mutation.range;
    const result = applyMutation(source, mutation);
    const what = `${mutation.operator} ${JSON.stringify(mutation)}`;
    expect(start >= 0 && start <= end && end <= source.length, what).toBe(true);
    expect(result.slice(0, start) + result.slice(start + mutation.replacement.length), what).toBe(
      source.slice(0, start) + source.slice(end),
    );
    expect(results.has(result), `seen before: ${what}`).toBe(false);
    results.add(result);
    expect(parses(result), `does not parse: ${what}\n${result}`).toBe(true);
    expect(applyMutation(result, inverseOf(source, mutation)), what).toBe(source);
    expect(mutation.description.length, what).toBeLessThanOrEqual(200);
    expect(mutation.description.isWellFormed(), what).toBe(true);
    const line = source.slice(0, start).split('\n').length;
    expect(mutation.description.startsWith(`line ${line}: `), what).toBe(true);
  }
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

import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openForGrading } from '../../src/tasks/hidden-tests.ts';
import { readNative } from '../../src/tasks/readers/native.ts';
import { withSuiteFile } from './with-suite-file.ts';

const short = {
  id: 'sum',
  language: 'python',
  entryPoint: 'total',
  statement: 'Add up a list.',
  publicTests: { kind: 'cases', cases: [{ call: 'total([1, 2])', expected: '3' }] },
  hiddenTests: { kind: 'asserts', source: 'assert total([]) == 0\n' },
};

test('what a task leaves out is filled in', async () => {
  const suite = await withSuiteFile('mine.jsonl', JSON.stringify(short), readNative);
  expect([suite.name, suite.format]).toEqual(['mine', 'native']);
  expect(suite.tasks[0]?.view).toEqual({
    id: 'sum',
    language: 'python',
    entryPoint: 'total',
    statement: 'Add up a list.',
    prelude: '',
    givenProgram: null,
    publicTests: { kind: 'cases', cases: [{ id: '1', call: 'total([1, 2])', expected: '3' }] },
    limits: { wallMs: 30_000, steps: null, memoryBytes: 536_870_912, outputBytes: 65_536 },
    tags: {},
  });
  expect(suite.tasks[0]?.reference).toBe(null);
  expect(suite.tasks[0] && openForGrading(suite.tasks[0].hidden)).toEqual({
    kind: 'asserts',
    source: 'assert total([]) == 0\n',
    invoke: null,
  });
});

test('what a task says is kept, single limits included', async () => {
  const full = {
    ...short,
    language: 'javascript',
    prelude: 'const one = 1;\n',
    givenProgram: 'function total() {}\n',
    limits: { steps: null, wallMs: 5 },
    tags: { level: 'easy' },
    reference: 'function total(list) { return 3; }\n',
  };
  const suite = await withSuiteFile('mine.jsonl', JSON.stringify(full), readNative);
  expect(suite.tasks[0]?.view).toMatchObject({
    prelude: 'const one = 1;\n',
    givenProgram: 'function total() {}\n',
    limits: { wallMs: 5, steps: null, memoryBytes: 268_435_456, outputBytes: 65_536 },
    tags: { level: 'easy' },
  });
  expect(suite.tasks[0]?.reference).toBe(full.reference);
});

test('compressed, with carriage returns, blank lines or a byte order mark, it is the same suite', async () => {
  const text = `${JSON.stringify(short)}\n${JSON.stringify({ ...short, id: 'other' })}\n`;
  const plain = await withSuiteFile('mine.jsonl', text, readNative);
  const others = [
    await withSuiteFile('mine.jsonl.gz', gzipSync(text), readNative),
    await withSuiteFile('mine.jsonl', text.replaceAll('\n', '\r\n\r\n'), readNative),
    await withSuiteFile('mine.jsonl', `\ufeff${text}`, readNative),
  ];
  for (const other of others) expect(other).toEqual(plain);
});

test('the reference is no part of the identity of a suite, the hidden tests are', async () => {
  const digestOf = async (row: object) =>
    (await withSuiteFile('mine.jsonl', JSON.stringify(row), readNative)).digest;
  const digest = await digestOf(short);
  expect(await digestOf({ ...short, reference: 'total = sum' })).toBe(digest);
  expect(await digestOf({ ...short, statement: 'Add up.' })).not.toBe(digest);
  expect(
    await digestOf({ ...short, hiddenTests: { kind: 'asserts', source: 'assert total([]) == 1\n' } }),
  ).not.toBe(digest);
});

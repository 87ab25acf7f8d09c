import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { isPawlError } from '../../src/kernel/pawl-error.ts';
import { loadSuite } from '../../src/tasks/registry.ts';
import { withSuiteFile } from './with-suite-file.ts';

const cases = (...list: unknown[]) => ({ kind: 'cases', cases: list });
const native = {
  id: 'a',
  language: 'javascript',
  entryPoint: 'f',
  statement: 's',
  publicTests: cases(),
  hiddenTests: cases({ call: 'f(1)', expected: '1' }),
};
const humaneval = {
  task_id: 'HumanEval/0',
  prompt: 'def f(x):\n',
  entry_point: 'f',
  canonical_solution: '    return x\n',
  test: 'def check(candidate):\n    assert candidate(1) == 1\n',
};
const recorded = { ...humaneval, given_tests: ['assert f(1) == 1'] };
const humanevalpack = {
  task_id: 'JavaScript/0',
  declaration: 'const f = (x) => {\n',
  canonical_solution: 'return x }',
  buggy_solution: 'return -x }',
  bug_type: 'b',
  failure_symptoms: 's',
  entry_point: 'f',
  test: 'console.assert(f(1) === 1)',
  example_test: "''",
  instruction: 'i',
};
const lines = (...rows: unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const without = (row: object, name: string): object =>
  Object.fromEntries(Object.entries(row).filter(([key]) => key !== name));

async function failure(spec: string): Promise<string> {
  try {
    await loadSuite(spec);
  } catch (error) {
    if (isPawlError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'no error';
}

const described = 'format is described in docs/reference/task-format.md.';

describe('a suite file that is not usable is refused with file, line, reason and advice', () => {
  test.each<[string, string, string, string]>([
    ['an empty file', 'native', '', 'SUITE_INVALID: FILE holds no task. Expected one JSON object a line.'],
    [
      'blank lines only',
      'recorded',
      '\n \n\r\n',
      'SUITE_INVALID: FILE holds no task. Expected one JSON object a line.',
    ],
    [
      'a line that is not JSON',
      'native',
      `${lines(native)}\n{oops`,
      "SUITE_INVALID: FILE, line 3: not JSON (Expected property name or '}' in JSON at position 1 (line 1 column 2)). Each line must be one JSON object.",
    ],
    [
      'a line that is no object',
      'humaneval',
      '[1]',
      `SUITE_INVALID: FILE, line 1: invalid input: expected object, received array. The humaneval ${described}`,
    ],
    [
      'a missing member',
      'native',
      lines(without(native, 'entryPoint')),
      `SUITE_INVALID: FILE, line 1: "entryPoint": invalid input: expected string, received undefined. The native ${described}`,
    ],
    [
      'a member that does not exist',
      'native',
      lines({ ...native, entrypoint: 'f' }),
      `SUITE_INVALID: FILE, line 1: unrecognized key: "entrypoint". The native ${described}`,
    ],
    [
      'a wrong type deep inside',
      'native',
      lines(native, { ...native, id: 'b', hiddenTests: cases({ call: 'f(1)', expected: 1 }) }),
      `SUITE_INVALID: FILE, line 2: "hiddenTests.cases[0].expected": invalid input: expected string, received number. The native ${described}`,
    ],
    [
      'a language nobody runs',
      'native',
      lines({ ...native, language: 'cobol' }),
      `SUITE_INVALID: FILE, line 1: "language": invalid option: expected one of "command"|"javascript"|"python". The native ${described}`,
    ],
    [
      'an id that is used twice',
      'native',
      lines(native, { ...native, id: 'b' }, native),
      'SUITE_INVALID: FILE, line 3: the task "a" is already on line 1. Give every task its own id.',
    ],
    [
      'a case id that is used twice',
      'native',
      lines({
        ...native,
        publicTests: cases(
          { id: 'x', call: 'f(1)', expected: '1' },
          { id: 'x', call: 'f(2)', expected: '2' },
        ),
      }),
      'SUITE_INVALID: FILE, line 1: the public case "x" exists twice. Give every case its own id.',
    ],
    [
      'no hidden tests',
      'native',
      lines({ ...native, hiddenTests: cases() }),
      'SUITE_INVALID: FILE, line 1: the task "a" has no hidden tests, so nothing could grade it.',
    ],
    [
      'an id that is too long',
      'native',
      lines({ ...native, id: 'x'.repeat(201) }),
      `SUITE_INVALID: FILE, line 1: "id": too big: expected string to have <=200 characters. The native ${described}`,
    ],
    [
      'half a character',
      'native',
      lines({ ...native, statement: 'x\ud800' }),
      'SUITE_INVALID: FILE, line 1: the task "a" holds half a surrogate pair (\\ud800 to \\udfff), which is no text.',
    ],
    [
      'HumanEvalPack read as HumanEval',
      'humaneval',
      lines(humanevalpack),
      'SUITE_INVALID: FILE, line 1: this is not the humaneval format. It looks like "humanevalpack:FILE".',
    ],
    [
      'recorded runs read as HumanEval',
      'humaneval',
      lines(recorded),
      'SUITE_INVALID: FILE, line 1: this is not the humaneval format. It looks like "recorded:FILE".',
    ],
    [
      'HumanEval read as our own format',
      'native',
      lines(humaneval),
      'SUITE_INVALID: FILE, line 1: this is not the native format. It looks like "humaneval:FILE".',
    ],
    [
      'HumanEvalPack in another language',
      'humanevalpack',
      lines({ ...humanevalpack, task_id: 'Go/0' }),
      'SUITE_INVALID: FILE, line 1: the task "Go/0" is not a JavaScript one. Use the JavaScript file of HumanEvalPack.',
    ],
    [
      'an entry point that the prompt does not define',
      'humaneval',
      lines({ ...humaneval, entry_point: 'g' }),
      'SUITE_INVALID: FILE, line 1: the prompt does not define "g", which "entry_point" names.',
    ],
    [
      'a recorded task of another benchmark',
      'recorded',
      lines({ ...recorded, task_id: 'APPS/1' }),
      `SUITE_INVALID: FILE, line 1: "task_id": expected HumanEval/N or MBPP/N. The recorded ${described}`,
    ],
  ])('%s', async (_, format, content, message) => {
    const actual = await withSuiteFile('suite.jsonl', content, async (path) =>
      (await failure(`${format}:${path}`)).replaceAll(path, 'FILE'),
    );
    expect(actual).toBe(message);
  });

  test('a file that is not there', async () => {
    expect(await failure('native:/no/such/suite.jsonl')).toBe(
      'SUITE_NOT_FOUND: There is no suite file /no/such/suite.jsonl. Check the path.',
    );
  });

  test('a directory', async () => {
    const message = await withSuiteFile('suite.jsonl', '', async (path) => {
      const directory = path.replace('/suite.jsonl', '');
      return (await failure(`native:${directory}`)).replaceAll(directory, 'DIRECTORY');
    });
    expect(message).toBe(
      'SUITE_INVALID: DIRECTORY cannot be read: EISDIR: illegal operation on a directory, read',
    );
  });

  test('text in a file that ends in .gz, and a gzip file that does not', async () => {
    const plain = await withSuiteFile('suite.jsonl.gz', lines(native), async (path) =>
      (await failure(`native:${path}`)).replaceAll(path, 'FILE'),
    );
    const packed = await withSuiteFile('suite.jsonl', gzipSync(lines(native)), async (path) =>
      (await failure(`native:${path}`)).replaceAll(path, 'FILE'),
    );
    expect(plain).toBe(
      'SUITE_INVALID: FILE cannot be unpacked: incorrect header check. Name it without .gz if it is not compressed, or copy it again.',
    );
    expect(packed).toBe('SUITE_INVALID: FILE is compressed with gzip. Give it a name that ends in .gz.');
  });

  test('a gzip file that was cut off', async () => {
    const packed = gzipSync(lines(native));
    const message = await withSuiteFile(
      'suite.jsonl.gz',
      packed.subarray(0, packed.length - 9),
      async (path) => (await failure(`native:${path}`)).replaceAll(path, 'FILE'),
    );
    expect(message).toBe(
      'SUITE_INVALID: FILE cannot be unpacked: unexpected end of file. Name it without .gz if it is not compressed, or copy it again.',
    );
  });

  test('bytes that are not UTF-8', async () => {
    const message = await withSuiteFile('suite.jsonl', Uint8Array.of(0x7b, 0xff, 0x7d), async (path) =>
      (await failure(`native:${path}`)).replaceAll(path, 'FILE'),
    );
    expect(message).toBe('SUITE_INVALID: FILE is not UTF-8 text. Suites are JSON lines in UTF-8.');
  });
});

describe('a specification that names no suite', () => {
  const known = 'A suite is one of: starter, native:FILE, humaneval:FILE, humanevalpack:FILE, recorded:FILE.';

  test.each(['', 'nothing', 'starter:x', 'native', 'native:', 'toString:x', ':file', 'starter '])(
    '"%s"',
    async (spec) => {
      expect(await failure(spec)).toBe(`SUITE_NOT_FOUND: There is no suite "${spec}". ${known}`);
    },
  );
});

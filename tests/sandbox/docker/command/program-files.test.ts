import { expect, test } from 'vitest';
import { programFiles } from '../../../../sandbox/docker/command/program-files.ts';
import { specOf } from './command-container.ts';

const several = specOf({ program: { form: 'files' }, files: [{ path: 'tests/a.sh', text: 'the task’s' }] });
const problemOf = (text: string): string | null => programFiles(several, text).problem;
const pathProblem = (path: string): string | null => problemOf(JSON.stringify({ [path]: '' }));

test('a program of one file is that file, whatever its text', () => {
  expect(programFiles(specOf({}), '{"../x": 1}')).toEqual({
    files: [{ path: 'main.sh', text: '{"../x": 1}' }],
    problem: null,
  });
});

test('a program of several files is a JSON object of paths and texts', () => {
  expect(programFiles(several, '{"main.sh": "echo", "lib/a.sh": ""}')).toEqual({
    files: [
      { path: 'main.sh', text: 'echo' },
      { path: 'lib/a.sh', text: '' },
    ],
    problem: null,
  });
});

test('what is in the way of the task’s files is left out', () => {
  const inTheWay = {
    'tests/a.sh': 'mine',
    tests: 'a file',
    'tests/a.sh/b': 'below a file',
    'tests/b.sh': 'kept',
  };
  const { tests: _, ...withoutFile } = inTheWay;
  expect(programFiles(several, JSON.stringify({ 'tests/a.sh': 'mine', 'tests/b.sh': 'kept' })).files).toEqual(
    [{ path: 'tests/b.sh', text: 'kept' }],
  );
  expect(programFiles(several, JSON.stringify({ tests: 'a file' })).files).toEqual([]);
  expect(problemOf(JSON.stringify(withoutFile))).toBe(
    'The path "tests/a.sh" is both a file and a directory.',
  );
});

test('text that is no such object is a problem of the candidate', () => {
  const notJson = 'The program is not JSON. It must be an object: for each file, its path and its text.';
  expect(problemOf('echo')).toBe(notJson);
  expect(problemOf('')).toBe(notJson);
  expect(problemOf('["a"]')).toBe('The program is JSON, but no object of paths and texts.');
  expect(problemOf('null')).toBe('The program is JSON, but no object of paths and texts.');
  expect(problemOf('{"a": 1}')).toBe('The text of "a" is no string.');
  expect(problemOf('{}')).toBe('The program has no file.');
});

test('a path that leaves the work directory, or is none, is a problem of the candidate', () => {
  const because = (path: string, why: string): void =>
    expect(pathProblem(path)).toBe(`The path ${JSON.stringify(path)} cannot be used: ${why}.`);
  const part = 'it has an empty part, "." or ".."';
  because('../x', part);
  because('a/../../x', part);
  because('a//b', part);
  because('./a', part);
  because('a/', part);
  because('/etc/passwd', 'it is absolute');
  because('a\0b', 'it holds a control character');
  because('a\nb', 'it holds a control character');
  because('\u009b', 'it holds a control character');
  because('', 'it is empty');
  because('\ud800', 'it holds half a surrogate pair');
  because('a/'.repeat(16).concat('b'), 'it is deeper than 16 levels');
  because(`${'é'.repeat(51)}`, 'a part of it is longer than 100 bytes');
  expect(pathProblem('x'.repeat(151))).toBe(
    `The path "${'x'.repeat(80)}…" cannot be used: it is longer than 150 bytes.`,
  );
  expect(pathProblem('__proto__')).toBe(null);
  expect(pathProblem('-rf')).toBe(null);
  expect(pathProblem('a b/ç.txt')).toBe(null);
});

test('too much is a problem of the candidate', () => {
  const files = (count: number, name: (index: number) => string): string =>
    JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), ''])));
  expect(problemOf(files(1_001, String))).toBe('There are 1001 files; at most 1000 are taken.');
  expect(problemOf(files(1_000, String))).toBe(null);
  expect(problemOf(files(300, (index) => `${index}/a/b/c/d/e`))).toBe(
    'There are more than 1500 files and directories.',
  );
  expect(problemOf(JSON.stringify({ a: 'x'.repeat(8 * 1024 * 1024 + 1) }))).toBe(
    'The files have more than 8388608 bytes.',
  );
});

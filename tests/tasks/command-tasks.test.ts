import { expect, test } from 'vitest';
import { isPawlError } from '../../src/kernel/pawl-error.ts';
import { openForGrading } from '../../src/tasks/hidden-tests.ts';
import { readNative } from '../../src/tasks/readers/native.ts';
import { withSuiteFile } from './with-suite-file.ts';

const tests = {
  kind: 'commands',
  syntax: 'rust',
  program: { form: 'file', path: 'main.rs' },
  cases: [{ argv: ['./main', '1'], expected: { stdout: '2' } }],
};
const task = {
  id: 'next',
  language: 'command',
  entryPoint: 'main.rs',
  statement: 'Print the next number.',
  publicTests: tests,
  hiddenTests: { ...tests, cases: [{ argv: ['./check'] }] },
};
const read = (changes: object) =>
  withSuiteFile('suite.jsonl', JSON.stringify({ ...task, ...changes }), readNative);

async function problemOf(changes: object): Promise<string> {
  try {
    await read(changes);
    return 'none';
  } catch (error) {
    if (!isPawlError(error, 'SUITE_INVALID')) throw error;
    return error.message.replace(/^.*, line 1: /, '').replace(/ The native format is described in .*$/, '');
  }
}

test('what a task of commands leaves out is filled in', async () => {
  const [found] = (await read({})).tasks;
  expect(found?.view.publicTests).toEqual({
    ...tests,
    files: [],
    build: null,
    cases: [{ id: '1', argv: ['./main', '1'], stdin: '', expected: { exitCode: 0, stdout: '2' } }],
  });
  expect(found && openForGrading(found.hidden)).toMatchObject({
    cases: [{ id: '1', argv: ['./check'], stdin: '', expected: { exitCode: 0, stdout: null } }],
  });
  expect(found?.view.limits).toEqual({
    wallMs: 30_000,
    steps: null,
    memoryBytes: 536_870_912,
    outputBytes: 65_536,
  });
});

test('files that could leave the work directory or be two things at once are refused', async () => {
  const withFiles = (...paths: string[]) =>
    problemOf({ publicTests: { ...tests, files: paths.map((path) => ({ path, text: '' })) } });
  const part = 'it has an empty part, "." or "..".';
  expect(await withFiles('../a')).toBe(
    '"publicTests.files[0].path": this path cannot be used: it has an empty part, "." or "..".',
  );
  expect(await withFiles('a/./b')).toContain(part);
  expect(await withFiles('/a')).toContain('it is absolute.');
  expect(await withFiles('a', 'a')).toBe('"publicTests.files": the path "a" is there twice.');
  expect(await withFiles('a', 'a/b')).toBe(
    '"publicTests.files": the path "a" is both a file and a directory.',
  );
  expect(
    await problemOf({ publicTests: { ...tests, program: { form: 'file', path: '../main.rs' } } }),
  ).toContain(part);
});

test('arguments that the kernel cannot take, a case twice and a member that is not known are refused', async () => {
  const withCase = (...cases: object[]) => problemOf({ hiddenTests: { ...tests, cases } });
  expect(await withCase({ argv: [] })).toContain('"hiddenTests.cases[0].argv"');
  expect(await withCase({ argv: [''] })).toContain('names a program and is not empty');
  expect(await withCase({ argv: ['a\0b'] })).toContain('holds no zero byte');
  expect(await withCase({ argv: ['a'], expected: { exitCode: 256 } })).toContain('exitCode');
  expect(await withCase({ argv: ['a'], shell: true })).toContain('shell');
  expect(await withCase()).toBe('the task "next" has no hidden tests, so nothing could grade it.');
  expect(await withCase({ id: 'x', argv: ['a'] }, { id: 'x', argv: ['b'] })).toBe(
    'the hidden case "x" exists twice. Give every case its own id.',
  );
});

test('commands go with the language "command", and both sets of tests take one program', async () => {
  const mixed =
    'the task "next" mixes tests of kind "commands" with another kind or language. They go with "command" only.';
  expect(await problemOf({ language: 'python' })).toBe(mixed);
  expect(await problemOf({ publicTests: { kind: 'cases', cases: [] } })).toBe(mixed);
  expect(await problemOf({ hiddenTests: { kind: 'asserts', source: 'x' } })).toBe(mixed);
  expect(await problemOf({ prelude: 'use std;' })).toBe(
    'the task "next" has a "prelude", which no command would read.',
  );
  expect(await problemOf({ publicTests: { ...tests, syntax: 'go' } })).toBe(
    'the public and hidden tests of the task "next" differ in "program" or "syntax".',
  );
});

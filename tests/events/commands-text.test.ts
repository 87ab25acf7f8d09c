import { expect, test } from 'vitest';
import { codeSyntaxOf } from '../../src/events/code-syntax.ts';
import type { CommandsSpec } from '../../src/events/commands-spec.ts';
import {
  argvText,
  commandCaseExpected,
  commandCaseInput,
  commandsText,
} from '../../src/events/commands-text.ts';

const spec: CommandsSpec = {
  kind: 'commands',
  syntax: 'rust',
  program: { form: 'file', path: 'main.rs' },
  files: [{ path: 'data.txt', text: '1 2\n' }],
  build: { argv: ['rustc', '-O', 'main.rs'], wallMs: 60_000 },
  cases: [
    { id: 'a', argv: ['./main', 'data.txt'], stdin: '', expected: { exitCode: 0, stdout: '3\n' } },
    { id: 'b', argv: ['./main', 'a b'], stdin: '1\n', expected: { exitCode: 2, stdout: '' } },
    { id: 'c', argv: ['cargo', 'test'], stdin: '', expected: { exitCode: 0, stdout: null } },
  ],
};

test('tests by commands are told as what is run, read and expected', () => {
  expect(commandsText(spec)).toBe(`The program (rust) is the file main.rs.
It is built with: rustc -O main.rs
The file data.txt is there:
1 2
$ ./main data.txt
must give "3\\n"
$ ./main "a b" <<< "1\\n"
must give "" and exit code 2
$ cargo test
must give exit code 0`);
});

test('a program of several files is asked for as JSON', () => {
  const several: CommandsSpec = { ...spec, program: { form: 'files' }, files: [], build: null, cases: [] };
  expect(commandsText(several)).toBe(
    'The program (rust) is a JSON object: for each of its files, the path and the text.',
  );
  expect(codeSyntaxOf({ language: 'command', publicTests: several })).toBe('json');
  expect(codeSyntaxOf({ language: 'command', publicTests: spec })).toBe('rust');
  expect(codeSyntaxOf({ language: 'python', publicTests: { kind: 'cases', cases: [] } })).toBe('python');
});

test('files are shown until they are too long together, and named after that', () => {
  const files = [
    { path: 'a', text: 'x'.repeat(32_000) },
    { path: 'b', text: 'y'.repeat(1_000) },
    { path: 'c', text: 'z' },
  ];
  const lines = commandsText({ ...spec, files, build: null, cases: [] }).split('\n');
  expect(lines.slice(3)).toEqual(['The file b is there.', 'The file c is there.']);
});

test('an argument that is not plain is quoted', () => {
  expect(argvText(['a', '', 'b c', '$(x)', 'é', '-o=1'])).toBe('a "" "b c" "$(x)" "é" -o=1');
  expect(commandCaseInput({ argv: ['cat'], stdin: 'a\nb' })).toBe('cat <<< "a\\nb"');
  expect(commandCaseExpected({ expected: { exitCode: 1, stdout: null } })).toBe('exit code 1');
});

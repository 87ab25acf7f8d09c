import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestResult } from '../../../../src/events/execution-result.ts';
import { withoutEngine } from '../../../support/container-engine.ts';
import { type CommandContainers, commandContainers, shellCase } from './command-container.ts';

const reason = withoutEngine();
const verdicts = (tests: readonly TestResult[]): readonly string[] => tests.map(({ status }) => status);

describe.skipIf(reason !== null)(`commands in a container${reason === null ? '' : ` (${reason})`}`, () => {
  let containers: CommandContainers;
  beforeAll(async () => {
    containers = await commandContainers();
  });
  afterAll(() => containers.close());

  test('each case is a command with arguments, and its output is compared but for one newline at the end', async () => {
    const cases = [
      shellCase('1', '3', '1', '2'),
      shellCase('2', '5\n', '2', '3'),
      shellCase('3', '7', '2', '2'),
    ];
    const { result, vanished } = await containers.run({ cases }, 'echo $(($1 + $2))');
    expect(vanished).toBe(false);
    expect(result).toEqual({
      outcome: 'failed',
      tests: [
        { id: '1', status: 'passed', input: 'sh main.sh 1 2', expected: '"3"', actual: '"3\\n"', ...plain },
        {
          id: '2',
          status: 'passed',
          input: 'sh main.sh 2 3',
          expected: '"5\\n"',
          actual: '"5\\n"',
          ...plain,
        },
        { id: '3', status: 'failed', input: 'sh main.sh 2 2', expected: '"7"', actual: '"4\\n"', ...plain },
      ],
      error: null,
      stdout: { text: '3\n5\n4\n', bytesTotal: 6, truncated: false },
      stderr: { text: '', bytesTotal: 0, truncated: false },
      steps: 0,
      statements: null,
    });
  });

  test('white space counts, and more than one newline at the end does', async () => {
    const cases = [shellCase('none', 'a'), shellCase('two', 'a\n\n\n'), shellCase('space', 'a ')];
    const { result } = await containers.run({ cases }, 'printf "a\\n\\n"');
    expect(verdicts(result.tests)).toEqual(['failed', 'failed', 'failed']);
    const exact = await containers.run({ cases: [shellCase('1', 'a\n\n')] }, 'printf "a\\n\\n"');
    expect(verdicts(exact.result.tests)).toEqual(['passed']);
  });

  test('a command reads its standard input to the end, megabytes of it, and need not', async () => {
    const stdin = 'line\n'.repeat(200_000);
    const count = { ...shellCase('count', '200000'), stdin };
    const ignore = { ...shellCase('ignore', 0), argv: ['true'], stdin };
    const { result } = await containers.run({ cases: [count, ignore] }, 'wc -l');
    expect(verdicts(result.tests)).toEqual(['passed', 'passed']);
    expect(result.tests[1]?.input.length).toBeLessThan(2_100);
  });

  test('a test command passes with its exit code alone; any other code fails with what it wrote last', async () => {
    const cases = [shellCase('ok', 0, '0'), shellCase('wanted', 3, '3'), shellCase('bad', 0, '4')];
    const { result } = await containers.run({ cases }, 'echo detail >&2; exit $1');
    expect(verdicts(result.tests)).toEqual(['passed', 'passed', 'failed']);
    expect(result.tests[2]).toMatchObject({
      expected: 'exit code 0',
      actual: 'exit code 4',
      exception: { type: 'ExitCode', message: 'exit code 4, after: detail', line: null },
    });
  });

  test('what a test command prints is kept only where it failed', async () => {
    const cases = [shellCase('passed', 0, '0'), shellCase('failed', 0, '1')];
    const { result } = await containers.run({ cases }, 'echo took $1 s; echo and $1 >&2; exit $1');
    expect([result.stdout.text, result.stderr.text]).toEqual(['took 1 s\n', 'and 1\n']);
  });

  test('the right output with the wrong exit code is an error, and a signal is named', async () => {
    const { result } = await containers.run({ cases: [shellCase('1', 'a')] }, 'echo a; kill -SEGV $$');
    expect(result.tests[0]).toMatchObject({
      status: 'error',
      actual: '"a\\n" and exit code 139 (SIGSEGV)',
      exception: { type: 'ExitCode', message: 'exit code 139 (SIGSEGV), after: a' },
    });
    expect(result.outcome).toBe('failed');
  });

  test('a program that is not there is an error of the case', async () => {
    const missing = { ...shellCase('1', 'a'), argv: ['./not-there'] };
    const { result } = await containers.run({ cases: [missing, shellCase('2', 'a')] }, 'echo a');
    expect(verdicts(result.tests)).toEqual(['error', 'passed']);
  });

  test('a build is run once before the cases, and its output is not the program’s', async () => {
    const build = { argv: ['sh', '-c', 'echo building; cp main.sh built; echo x >> count'], wallMs: 10_000 };
    const built = { ...shellCase('run', 'ran'), argv: ['./built'] };
    const once = { ...shellCase('once', 'x'), argv: ['cat', 'count'] };
    const { result } = await containers.run({ build, cases: [built, once] }, '#!/bin/sh\necho ran\n');
    expect(verdicts(result.tests)).toEqual(['passed', 'passed']);
    expect(result.stdout.text).toBe('ran\nx\n');
  });

  test('a build that fails is the program’s error, with what the compiler says', async () => {
    const build = { argv: ['perl', '-c', 'main.sh'], wallMs: 10_000 };
    const { result } = await containers.run({ build, cases: [shellCase('1', 'a')] }, 'my $x = ;');
    expect(result.outcome).toBe('error');
    expect(result.error?.type).toBe('BuildFailed');
    expect(result.error?.message).toMatch(/^exit code 255\nsyntax error at main\.sh line 1/);
    expect(verdicts(result.tests)).toEqual(['not_run']);
  });

  test('a build and the cases have clocks of their own', async () => {
    const build = { argv: ['sh', '-c', 'while :; do :; done'], wallMs: 300 };
    const endless = await containers.run({ build, cases: [shellCase('1', 'a')] }, '');
    expect(endless.result).toMatchObject({
      outcome: 'timeout',
      error: { type: 'TimeLimitExceeded', message: 'The build took more time than it may' },
    });
    const loop = { cases: [shellCase('1', 'a'), shellCase('2', 'a')] };
    const { result } = await containers.run(loop, 'while :; do :; done', { wallMs: 300 });
    expect(result).toMatchObject({
      outcome: 'timeout',
      error: { type: 'TimeLimitExceeded', message: 'The program took more time than it may' },
    });
    expect(verdicts(result.tests)).toEqual(['error', 'not_run']);
  });

  test('processor time is counted over all processes of all commands', async () => {
    const cases = [shellCase('idle', 'a', '1'), shellCase('busy', 'a', '2')];
    const program = '[ $1 = 2 ] && { (while :; do :; done) & wait; }; echo a';
    const cpu = { cpuMsMax: 400, cpus: 1 };
    const { result } = await containers.run({ cases }, program, {}, undefined, cpu);
    expect([result.outcome, result.error?.type]).toEqual(['timeout', 'CpuLimitExceeded']);
    expect(verdicts(result.tests)).toEqual(['passed', 'error']);
  });

  test('a repository with its own test command: Python with unittest', async () => {
    const files = [{ path: 'tests/test_add.py', text: unittest }];
    const cases = [
      { ...shellCase('suite', 0), argv: ['python3', '-m', 'unittest', 'discover', '-s', 'tests', '-t', '.'] },
    ];
    const repository = (body: string): string =>
      JSON.stringify({
        'calc/__init__.py': '',
        'calc/add.py': `def add(a, b):\n    return ${body}\n`,
        'tests/__init__.py': '',
        'tests/test_add.py': 'raise SystemExit(0)\n',
      });
    const spec = { program: { form: 'files' as const }, files, cases };
    expect((await containers.run(spec, repository('a + b'))).result.outcome).toBe('passed');
    const { result } = await containers.run(spec, repository('a - b'));
    expect(result.outcome).toBe('failed');
    expect(result.tests[0]?.exception?.message).toMatch(
      /AssertionError: -1 != 3[\s\S]*FAILED \(failures=1\)$/,
    );
  });

  test('SQL: a query over the task’s tables, through what runs it', async () => {
    const runner = [
      'import sqlite3, sys',
      'db = sqlite3.connect(":memory:")',
      'db.executescript(open("schema.sql").read())',
      'for row in db.execute(open("query.sql").read()): print(*row, sep="|")',
    ].join('\n');
    const files = [
      { path: 'schema.sql', text: 'create table t (n int); insert into t values (1), (2), (3);' },
      { path: 'run.py', text: runner },
    ];
    const program = { form: 'file', path: 'query.sql' } as const;
    const cases = [{ ...shellCase('1', '6'), argv: ['python3', 'run.py'] }];
    const { result } = await containers.run({ program, files, cases }, 'select sum(n) from t');
    expect(result.outcome).toBe('passed');
  });

  test('a program that is no JSON, or has a path that leaves the directory, is never started', async () => {
    const spec = { program: { form: 'files' as const }, cases: [shellCase('1', 'a')] };
    for (const program of ['echo a', '{"../main.sh": "echo a"}']) {
      const { result } = await containers.run(spec, program);
      expect([result.outcome, result.error?.type, verdicts(result.tests)]).toEqual([
        'error',
        'NotAProgram',
        ['not_run'],
      ]);
    }
  });

  test('without a case nothing was tested', async () => {
    const { result } = await containers.run({}, 'echo a');
    expect([result.outcome, result.error?.type]).toEqual(['failed', 'NoTests']);
  });

  test('an aborted execution ends with the signal’s reason', async () => {
    const ending = new AbortController();
    const running = containers.run({ cases: [shellCase('1', 'a')] }, 'sleep 100', {}, ending.signal);
    const reasonOf = expect(running).rejects.toThrow('enough');
    ending.abort(new Error('enough'));
    await reasonOf;
  });
});

const plain = { exception: null, steps: 0, covered: null };

const unittest = `import unittest
from calc.add import add


class Add(unittest.TestCase):
    def test_add(self):
        self.assertEqual(add(1, 2), 3)
`;

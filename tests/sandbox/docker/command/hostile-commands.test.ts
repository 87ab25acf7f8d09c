import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandsSpec } from '../../../../src/events/commands-spec.ts';
import type { ExecutionLimits } from '../../../../src/events/task-view.ts';
import { withoutEngine } from '../../../support/container-engine.ts';
import { type CommandContainers, commandContainers, shellCase } from './command-container.ts';

const reason = withoutEngine();

describe.skipIf(reason !== null)(`hostile commands${reason === null ? '' : ` (${reason})`}`, () => {
  let containers: CommandContainers;
  beforeAll(async () => {
    containers = await commandContainers();
  });
  afterAll(() => containers.close());

  const attempt = async (
    program: string,
    spec: Partial<CommandsSpec>,
    limits: Partial<ExecutionLimits> = {},
  ) => {
    const { result, vanished } = await containers.run(spec, program, limits);
    const statuses = result.tests.map(({ status }) => status);
    return { outcome: result.outcome, statuses, type: result.error?.type ?? null, vanished, result };
  };
  /** The first case runs the program; the second looks at what is left of it. */
  const then = (look: string, expected: string): Partial<CommandsSpec> => ({
    cases: [shellCase('first', 0), { ...shellCase('second', expected), argv: ['sh', '-c', look] }],
  });
  const processes = 'cat /proc/[0-9]*/comm | grep -cx sleep';

  test('processes in the background, with sessions of their own or deaf to signals, are gone before the next case', async () => {
    const program = `trap '' TERM HUP INT
sleep 1000 & setsid sleep 1000 & (trap '' TERM; exec sleep 1000) & nohup sleep 1000 >/dev/null 2>&1 &
exit 0`;
    const { outcome } = await attempt(program, then(`${processes} || :`, '0'));
    expect(outcome).toBe('passed');
  });

  test('as many processes as there may be do not keep the next case from starting', async () => {
    const program =
      "python3 -c \"import os\nwhile True:\n  if os.fork() == 0: os.pause() if hasattr(os, 'pause') else __import__('time').sleep(1000)\"";
    const { outcome, statuses } = await attempt(`${program} 2>/dev/null; exit 0`, then('echo here', 'here'));
    expect([outcome, statuses]).toEqual(['passed', ['passed', 'passed']]);
  });

  test('a fork bomb that never ends meets the clock', async () => {
    const { outcome } = await attempt(
      'bomb() { bomb | bomb & }; bomb; while :; do :; done',
      then('echo here', 'here'),
      { wallMs: 1_500 },
    );
    expect(outcome).toBe('timeout');
  });

  test('endless output on either stream ends the execution', async () => {
    for (const program of ['yes', 'yes >&2', 'yes & yes >&2', 'tr "\\0" "\\033" < /dev/zero']) {
      const { outcome, statuses, result } = await attempt(program, then('echo here', 'here'));
      expect([program, outcome, statuses]).toEqual([program, 'output_limit', ['error', 'not_run']]);
      expect(result.stdout.text.length).toBeLessThanOrEqual(65_536);
    }
  });

  test('enormous output of processes in the background counts too', async () => {
    const program = '(sleep 0.2; yes) & exec >&- 2>&-; sleep 1000';
    const { outcome } = await attempt(program, then('echo here', 'here'));
    expect(outcome).toBe('output_limit');
  });

  test('control bytes and text that is no UTF-8 are compared as bytes and kept as text', async () => {
    const spec = { cases: [shellCase('1', '\u001b[2J\u0007\u0000x'), shellCase('2', '\ufffd')] };
    const { statuses } = await attempt('printf "\\033[2J\\007\\000x"', spec);
    expect(statuses).toEqual(['passed', 'failed']);
    const invalid = await attempt('printf "\\377"', spec);
    expect(invalid.statuses).toEqual(['failed', 'failed']);
  });

  test('a program that deletes everything harms itself: the task’s files are there again', async () => {
    const files = [{ path: 'data/in.txt', text: 'kept' }];
    const spec = { ...then('cat data/in.txt; ls', 'keptdata'), files };
    const { outcome } = await attempt('rm -rf /work/* /work/.[!.]* 2>/dev/null; exit 0', spec);
    expect(outcome).toBe('passed');
  });

  test.each([
    ['a link in place of a file', 'rm data/in.txt; ln -s /dev/shm/stolen data/in.txt'],
    ['a link in place of a directory', 'rm -r data; mkdir /dev/shm/d; ln -s /dev/shm/d data'],
    ['a hanging link in place of a directory', 'rm -r data; ln -s /dev/shm/none data'],
    ['a file in place of a directory', 'rm -r data; echo mine > data'],
    ['a directory in place of a file', 'rm data/in.txt; mkdir -p data/in.txt/a'],
    ['a pipe in place of a file', 'rm data/in.txt; mkfifo data/in.txt'],
    ['another text', 'echo mine > data/in.txt'],
    ['a hard link', 'ln data/in.txt other; echo mine > other'],
    ['rights taken away', 'chmod 000 data/in.txt; chmod 000 data'],
  ])('%s does not stand in for the task’s file', async (_, trick) => {
    const look =
      'cat data/in.txt; cat /dev/shm/stolen /dev/shm/d/in.txt 2>/dev/null; test ! -L data/in.txt -a ! -L data';
    const { outcome, result } = await attempt(trick, {
      ...then(look, 'kept'),
      files: [{ path: 'data/in.txt', text: 'kept' }],
    });
    expect([outcome, result.tests[1]?.actual]).toEqual(['passed', '"kept"']);
  });

  test('links that the build leaves do not take the task’s files elsewhere either', async () => {
    const build = {
      argv: ['sh', '-c', 'rm -r tests; mkdir mine; ln -s mine tests; echo echo mine > mine/t.sh'],
      wallMs: 9_000,
    };
    const files = [{ path: 'tests/t.sh', text: 'echo theirs' }];
    const cases = [{ ...shellCase('1', 'theirs'), argv: ['sh', 'tests/t.sh'] }];
    expect((await attempt('', { build, files, cases })).outcome).toBe('passed');
  });

  test('a full work directory is the program’s affair', async () => {
    const files = [{ path: 'in.txt', text: 'kept'.repeat(10_000) }];
    const fill = 'rm in.txt; cat /dev/zero > a; cat /dev/zero > b; exit 0';
    const { outcome, type, vanished } = await attempt(fill, { ...then('echo here', 'here'), files });
    expect([outcome, type, vanished]).toEqual(['error', 'FilesInTheWay', false]);
  });

  test('as many files as there may be leave no room for the task’s', async () => {
    const fill = 'rm in.txt; i=0; while : > f$i; do i=$((i+1)); done 2>/dev/null; exit 0';
    const { outcome, type } = await attempt(fill, {
      ...then('echo here', 'here'),
      files: [{ path: 'in.txt', text: 'kept' }],
    });
    expect([outcome, type]).toEqual(['error', 'FilesInTheWay']);
  });

  test('a program that takes all memory is told so by the kernel, whichever process it was', async () => {
    const eat = 'python3 -c "x = []\nwhile True: x.append(bytearray(b\'1\' * 1000000))"';
    const direct = await attempt(`exec ${eat}`, then('echo here', 'here'));
    expect([direct.outcome, direct.type]).toEqual(['out_of_memory', 'OutOfMemory']);
    const child = await attempt(`${eat} || exit 1`, then('echo here', 'here'));
    expect([child.outcome, child.statuses]).toEqual(['out_of_memory', ['failed', 'passed']]);
  });

  test('a program that ends or stops the container’s first process is told apart from one that fails', async () => {
    const first =
      'for p in /proc/[0-9]*; do grep -qa "read -r word" $p/cmdline && kill -KILL $(basename $p); done; sleep 100';
    const ended = await attempt(first, then('echo here', 'here'));
    expect([ended.outcome, ended.type, ended.vanished]).toEqual(['error', 'ContainerEnded', true]);
    const stopped = await attempt('kill -STOP -1; exit 0', then('echo here', 'here'));
    expect([stopped.outcome, stopped.type, stopped.vanished]).toEqual(['error', 'ContainerEnded', true]);
  });

  test('noise where the first process answers changes nothing', async () => {
    const noise = `for p in /proc/[0-9]*; do grep -qa "read -r word" $p/cmdline && (yes noise > $p/fd/1 2>/dev/null &); done
sleep 0.3; exit 0`;
    const { outcome, statuses } = await attempt(noise, then(`${processes} || :`, '0'));
    expect([outcome, statuses]).toEqual(['passed', ['passed', 'passed']]);
  });

  test('what must come out is nowhere in the container', async () => {
    const secret = 'expected-4711';
    const look =
      'grep -rsl expected-47[1]1 /work /dev/shm /proc/[0-9]*/cmdline /proc/[0-9]*/environ; echo looked';
    const { statuses, result } = await attempt(look, {
      cases: [shellCase('1', 'looked'), shellCase('2', secret)],
    });
    expect([statuses, result.stdout.text]).toEqual([['passed', 'failed'], 'looked\nlooked\n']);
  });

  test('a command has no more rights than the container’s first process', async () => {
    const look =
      'grep -E "^(Uid|CapEff|CapBnd|NoNewPrivs|Seccomp):" /proc/self/status | tr -d "\\t"; ulimit -n; ulimit -c';
    const { result } = await attempt(look, { cases: [shellCase('1', 'shown')] });
    expect(result.stdout.text.split('\n')).toEqual([
      'Uid:65534655346553465534',
      'CapEff:0000000000000000',
      'CapBnd:0000000000000000',
      'NoNewPrivs:1',
      'Seccomp:2',
      '256',
      '0',
      '',
    ]);
  });
});

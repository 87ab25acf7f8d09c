import { describe, expect, onTestFinished, test } from 'vitest';
import type { Done } from '../../../../sandbox/docker/line/frames.ts';
import { SupervisedContainer } from '../../../../sandbox/docker/line/supervised-container.ts';
import type { Isolation } from '../../../../sandbox/docker/settings.ts';
import { withoutEngine } from '../../../support/container-engine.ts';
import { startContainer } from './docker-run.ts';

const reason = withoutEngine();
const TIMEOUT_MS = 60_000;
const order = { cpuSecondsMax: 20, fileBytesMax: 1 << 20, openFilesMax: 64, outputBytesMax: 100_000 };

async function ready(isolation: Isolation, more: readonly string[] = []): Promise<SupervisedContainer> {
  const container = new SupervisedContainer(startContainer(isolation, more));
  onTestFinished(() => container.container.destroy());
  expect((await container.ready(30_000)).version).toMatch(/^3\.\d+\.\d+/u);
  return container;
}

/** Loads a program, as the tests' side does, and gives the answer and the account of the execution. */
async function execute(
  container: SupervisedContainer,
  user: number | null,
  program: string,
  changes: Partial<typeof order> = {},
): Promise<{
  readonly answer: string;
  readonly done: Done;
  readonly stdout: string;
  readonly stderr: string;
}> {
  const session = await container.begin({ ...order, ...changes, user });
  const load = { f: 'load', prelude: '', program, seed: 's', steps: null, memory: 100 << 20, lines: false };
  const answer = await session.ask(Buffer.from(JSON.stringify(load)));
  await session.close();
  const end = await session.ended;
  if (end.kind !== 'done') throw new Error(JSON.stringify(end));
  return {
    answer: answer.kind === 'message' ? Buffer.from(answer.bytes).toString() : answer.end.type,
    done: end.done,
    stdout: session.stdout.result().text,
    stderr: session.stderr.result().text,
  };
}

describe.skipIf(reason !== null)('the supervisor of Python', { timeout: TIMEOUT_MS }, () => {
  test('opens a work directory that the runtime gave another mode (batch)', async () => {
    const container = await ready('batch', [
      '--tmpfs',
      '/work:rw,nosuid,nodev,noexec,mode=0755,size=1048576',
    ]);
    const program =
      'import os\nopen("/work/mine", "w").close()\nprint(oct(os.stat("/work").st_mode), os.listdir("/work"))\n';
    const { stdout, done } = await execute(container, 20_001, program);
    expect([stdout, done.clean]).toEqual(["0o41777 ['mine']\n", true]);
  });

  test.each(['execution', 'batch'] as const)(
    'runs a program, tells how it ended and what it used (%s)',
    async (isolation) => {
      const container = await ready(isolation);
      const user = isolation === 'batch' ? 20_001 : null;
      const { answer, done, stdout, stderr } = await execute(
        container,
        user,
        'import os, sys\nprint("out", os.getuid(), os.getcwd(), os.environ["HOME"], len(os.environ), sys.argv)\nprint("err", file=sys.stderr)\nprint(sorted(map(int, os.listdir("/proc/self/fd")))[:-1])\n',
      );
      expect(answer).toMatch(/^5 ?\n\{"k":"value"/u);
      expect(stdout).toBe(`out ${user ?? 65534} /work /work 5 ['candidate.py']\n[0, 1, 2, 3, 4]\n`);
      expect(stderr).toBe('err\n');
      expect(done).toMatchObject({ exitCode: null, signal: 'SIGKILL', endedFor: 'order', clean: true });
      expect(done.cpuMs).toBeGreaterThan(0);
      expect(done.peakBytes).toBeGreaterThan(5_000_000);
      expect(done.minorFaults).toBeGreaterThan(0);
    },
  );

  test('says with which code or signal a program ended by itself', async () => {
    const container = await ready('batch');
    const ends: unknown[] = [];
    for (const [index, how] of [
      'os._exit(7)',
      'os.kill(os.getpid(), 6)',
      'os.kill(os.getpid(), 9)',
    ].entries()) {
      const { done } = await execute(container, 20_001 + index, `import os\n${how}\n`);
      ends.push([done.exitCode, done.signal, done.endedFor, done.clean]);
      await container.ready(30_000);
    }
    expect(ends).toEqual([
      [7, null, null, true],
      [null, 'SIGABRT', null, true],
      [null, 'SIGKILL', null, true],
    ]);
  });

  test('ends processor time, files, descriptors and output at their limits', async () => {
    const container = await ready('batch');
    const run = async (user: number, program: string) => {
      const result = await execute(container, user, program, { cpuSecondsMax: 1 });
      await container.ready(30_000);
      return result;
    };
    expect((await run(20_001, 'while True: pass\n')).done).toMatchObject({
      signal: 'SIGXCPU',
      endedFor: null,
    });
    const file = await run(20_002, 'open("x", "wb").write(bytes(2 << 20))\n');
    expect(file.answer).toContain('"OSError"');
    const open = await run(20_003, 'files = [open("/dev/null") for _ in range(100)]\n');
    expect(open.answer).toContain('Too many open files');
    const output = await run(20_004, 'import os\nwhile True: os.write(2, b"x" * 5000)\n');
    expect(output.done).toMatchObject({ endedFor: 'stderr', clean: true });
    expect(output.stderr.length).toBe(100_000);
  });

  test('leaves nothing of an execution behind: no process, no file', async () => {
    const container = await ready('batch');
    const programs = [
      // A process that left its group, ignores signals, and makes others without end.
      'import os, signal\nfor _ in range(5):\n    if os.fork() == 0:\n        os.setsid()\n        for n in range(1, 32):\n            try: signal.signal(n, signal.SIG_IGN)\n            except (OSError, ValueError): pass\n        while True: pass\n',
      'import os\nwhile True:\n    try: os.fork()\n    except OSError: pass\n',
      'import os\nos.makedirs("a/b/c")\nopen("a/b/c/f", "w").write("x")\nos.symlink("/etc", "link")\nos.chmod("a/b", 0)\nos.chmod("a", 0)\nos.mkfifo("fifo")\n',
      'import os\nif os.fork() == 0:\n    if os.fork() == 0:\n        while True: os.write(1, b"")\n    os._exit(0)\n',
      'import os, signal\nos.kill(-1, signal.SIGKILL)\n',
    ];
    for (const [index, program] of programs.entries()) {
      const session = await container.begin({ ...order, user: 20_001 + index });
      const load = {
        f: 'load',
        prelude: '',
        program,
        seed: 's',
        steps: null,
        memory: 100 << 20,
        lines: false,
      };
      const answered = session.ask(Buffer.from(JSON.stringify(load)));
      // The fork bomb never answers; a while later it has filled what it may.
      await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, 1_000))]);
      await session.close();
      const end = await session.ended;
      expect([index, end.kind === 'done' && end.done.clean]).toEqual([index, true]);
      await container.ready(30_000);
    }
    const { stdout } = await execute(
      container,
      20_099,
      'import os\nprint(os.listdir("/work"), len([p for p in os.listdir("/proc") if p.isdigit()]))\n',
    );
    expect(stdout).toBe('[] 3\n');
  });

  test.each([
    ['shared memory', 'open("/dev/shm/left", "w").write("x")\n'],
    ['System V shared memory', 'import ctypes\nassert ctypes.CDLL(None).shmget(1, 4096, 0o1666) >= 0\n'],
    ['a semaphore', 'import ctypes\nassert ctypes.CDLL(None).semget(1, 1, 0o1666) >= 0\n'],
  ])(
    'is not ready again after %s was left, because it cleans no harder than files',
    async (_name, program) => {
      const container = await ready('batch');
      const { done, answer } = await execute(container, 20_001, program);
      expect(answer).toContain('"k":"value"');
      expect(done.clean).toBe(false);
      await expect(container.ready(30_000)).rejects.toThrow('ended before it was ready');
    },
  );

  test('cannot be read, traced or signalled by the candidate', async () => {
    const spy =
      'import os, signal\ndef attempt(work, *args):\n    try: return work(*args)\n    except OSError as problem: return problem.strerror\nself = os.getppid()\nprint(attempt(os.kill, self, 0))\nprint(attempt(os.listdir, f"/proc/{self}/fd"))\nprint(attempt(open, f"/proc/{self}/fd/1", "wb"))\nprint(attempt(open, f"/proc/{self}/mem", "rb"))\nprint(attempt(open, f"/proc/{self}/environ", "rb"))\nprint(attempt(os.setuid, 0))\n';
    const denied = 'Permission denied\n';
    const batch = await execute(await ready('batch'), 20_001, spy);
    expect(batch.stdout).toBe(`Operation not permitted\n${denied.repeat(4)}Operation not permitted\n`);
    // The same user may signal it: then the container is gone, and that is all.
    const own = await execute(await ready('execution'), null, spy);
    expect(own.stdout).toBe(`None\n${denied.repeat(4)}Operation not permitted\n`);
  });

  test('does not hold back what a slow program wrote, and waits when the host does not read', async () => {
    const container = await ready('batch');
    const { done, stdout } = await execute(
      container,
      20_001,
      'import os\nfor _ in range(90): os.write(1, b"x" * 1000)\n',
    );
    expect([stdout.length, done.clean]).toEqual([90_000, true]);
  });
});

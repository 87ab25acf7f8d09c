import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { sharedDirectory } from '../../../e2e/directory.ts';
import { jsonLines, pawl, startPawl, type UnderWay } from '../../../e2e/pawl.ts';
import { smallTasks } from '../../../e2e/small-run.ts';
import { testImage } from '../../../support/container-engine.ts';
import { containersWith } from './engine-api.ts';
import type { Fault, Route } from './fault.ts';
import { realSocket, useFaultProxy, withoutLocalEngine } from './proxied-engine.ts';
import { until } from './test-host.ts';

/** From the signal to the end of the process, on a busy machine; the engine's own deadlines are up to a minute. */
const endMsMax = 20_000;
const directory = sharedDirectory();
const images = ['javascript', 'command'].flatMap((language) => ['--image', `${language}=${testImage}`]);
const inContainers = ['--sandbox', 'docker', '--isolation', 'batch', ...images, '-j', '1'];

describe.skipIf(withoutLocalEngine() !== null)(
  'a command that is stopped while its engine does not answer',
  {
    timeout: 120_000,
  },
  () => {
    const proxy = useFaultProxy();
    let started: UnderWay | null = null;
    afterEach(() => {
      if (started?.child.exitCode === null) started.child.kill('SIGKILL');
    });

    const start = (args: readonly string[], fault: Fault): UnderWay => {
      proxy().setFaults(fault);
      started = startPawl(directory, args, { DOCKER_HOST: proxy().address });
      return started;
    };
    /** Resolves when a call was not answered for the first time since now. */
    const silenced = (): Promise<unknown> => {
      const before = proxy().seen.length;
      return until(
        () =>
          proxy()
            .seen.slice(before)
            .filter(({ mischief }) => mischief !== null).length,
        (count) => count > 0,
      );
    };
    const left = async ({ child }: UnderWay): Promise<readonly string[]> =>
      containersWith(realSocket, 'pawl.sandbox=1', `pawl.owner.pid=${child.pid}`);
    /** Sends one signal and gives what the command said; it ended soon, by itself. */
    const stop = async (command: UnderWay, signal: NodeJS.Signals) => {
      const sinceMs = performance.now();
      command.child.kill(signal);
      const ended = await command.ended;
      expect(performance.now() - sinceMs, ended.stderr).toBeLessThan(endMsMax);
      return ended;
    };

    it.each<Route>(['about', 'list', 'image', 'create', 'attach', 'start'])(
      'ends before it has begun anything: %s',
      async (on) => {
        const ledger = `before-${on}.db`;
        const waited = silenced();
        const run = start(['run', ...inContainers, '--ledger', ledger, '--json'], {
          on,
          does: { kind: 'silence' },
        });
        await waited;
        const { exitCode, stdout } = await stop(run, 'SIGTERM');
        expect(exitCode).toBe(1);
        expect(jsonLines(stdout)).toEqual([expect.objectContaining({ type: 'error', code: 'INTERRUPTED' })]);
        expect(await left(run)).toEqual([]);
      },
    );

    it.each<readonly [string, Fault]>([
      ['create is not answered', { on: 'create', from: 2, does: { kind: 'silence' } }],
      ['create is carried out and not answered', { on: 'create', from: 2, does: { kind: 'late answer' } }],
      ['attach is not answered', { on: 'attach', from: 2, does: { kind: 'silence' } }],
      ['start is not answered', { on: 'start', from: 2, does: { kind: 'silence' } }],
      ['nobody is there', { on: 'create', from: 2, does: { kind: 'hang up' } }],
    ])('pauses a run that can be resumed: %s', async (what, fault) => {
      const ledger = `${what.replaceAll(' ', '-')}.db`;
      const waited = silenced();
      const args = ['--tasks', smallTasks[0] ?? '', '--candidates', '2', '--ledger', ledger, '--json'];
      const run = start(['run', ...inContainers, ...args], fault);
      await waited;
      const { exitCode, stdout } = await stop(run, 'SIGINT');
      expect(exitCode).toBe(1);
      expect(jsonLines(stdout).at(-1)).toMatchObject({ type: 'run', status: 'paused', finished: 0 });
      expect(await left(run)).toEqual([]);
      const [paused] = jsonLines((await pawl(directory, ['runs', '--json', '--ledger', ledger])).stdout);
      expect(paused).toMatchObject({ status: 'paused', finished: 0 });
      const resumed = await pawl(directory, ['resume', '-j', '1', '--json', '--ledger', ledger]);
      expect(jsonLines(resumed.stdout).at(-1)).toMatchObject({
        type: 'run',
        status: 'finished',
        finished: 1,
      });
    });

    it('pauses a run of commands that are not begun', async () => {
      const tests = {
        ...{ kind: 'commands', syntax: 'sh', program: { form: 'file', path: 'main.sh' } },
        cases: [{ argv: ['sh', 'main.sh'], expected: { stdout: '1' } }],
      };
      const task = { id: 'sh', language: 'command', entryPoint: 'main.sh', statement: 'Print 1.' };
      const limits = { wallMs: 800, steps: null };
      const line = { ...task, givenProgram: 'echo 1\n', publicTests: tests, hiddenTests: tests, limits };
      writeFileSync(join(directory, 'sh.jsonl'), `${JSON.stringify(line)}\n`);
      const waited = silenced();
      const args = ['--suite', 'native:sh.jsonl', '--ledger', 'exec.db', '--json', '--candidates', '1'];
      const run = start(['run', ...inContainers, ...args], { on: 'exec', does: { kind: 'silence' } });
      await waited;
      const { exitCode, stdout } = await stop(run, 'SIGTERM');
      expect(exitCode).toBe(1);
      expect(jsonLines(stdout).at(-1)).toMatchObject({ type: 'run', status: 'paused', finished: 0 });
      expect(await left(run)).toEqual([]);
    });

    it.each([
      ['worker', ['worker', ...inContainers, '--ledger', 'nobody-is-there.db'], 1],
      ['sandbox status', ['sandbox', 'status'], null],
      ['doctor', ['doctor', '--sandbox', 'docker'], null],
    ] as const)('ends %s', async (_, args, exitCode) => {
      const waited = silenced();
      const command = start(args, { on: 'about', does: { kind: 'silence' } });
      await waited;
      expect((await stop(command, 'SIGTERM')).exitCode).toBe(exitCode);
    });
  },
);

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sharedDirectory } from '../e2e/directory.ts';
import { jsonLines, pawl } from '../e2e/pawl.ts';
import { smallRun } from '../e2e/small-run.ts';
import { testImage, withoutEngine } from '../support/container-engine.ts';

const reason = withoutEngine();
if (reason !== null) console.warn(`Skipped: ${reason}.`);
const timeout = 300_000;

describe.skipIf(reason !== null)(
  'a run made in WebAssembly, executed again in containers',
  { timeout },
  () => {
    const directory = sharedDirectory();
    const elsewhere = ['rerun', '--all', '-j', '2', '--image', `javascript=${testImage}`];
    beforeAll(async () => {
      const { exitCode, stderr } = await pawl(directory, smallRun('best-of-n', 'sequential-feedback'));
      expect(exitCode, stderr).toBe(0);
    }, timeout);

    it.each(['execution', 'batch'])('comes to the same verdicts at the level %s', async (isolation) => {
      const args = [...elsewhere, '--isolation', isolation, '--verdicts'];
      const { exitCode, stdout, stderr } = await pawl(directory, args);
      expect([exitCode, stdout], stderr).toEqual([
        0,
        'Rerun of 6 episodes: all 44 executions come to the verdicts that were recorded; 7 by outcome and statuses only: steps, shown values or output are not the same.\n',
      ]);
    });

    it('is another environment where everything is to be compared, and the way to ask for less is told', async () => {
      const { exitCode, stdout, stderr } = await pawl(directory, elsewhere);
      expect(exitCode).toBe(1);
      expect(stdout).toContain(
        'Rerun of 6 episodes, 44 executions: 0 as recorded, 0 diverged, 44 inconclusive.\n',
      );
      expect(stderr).toContain('Whether what is here comes to the same verdicts: pawl rerun --verdicts\n');
    });

    it('and no note of it is written that would say more than was compared', async () => {
      const { exitCode, stderr } = await pawl(directory, [...elsewhere, '--verdicts', '--record']);
      expect([exitCode, stderr]).toEqual([
        2,
        'USAGE: What --record writes says that everything was compared, which it is not with --verdicts.\n',
      ]);
    });
  },
);

describe.skipIf(reason !== null)(
  'a failing test command that tells another time each time',
  { timeout },
  () => {
    const directory = sharedDirectory();
    const check = 'cat /proc/uptime /proc/sys/kernel/random/uuid\n. ./main.sh\ntest "$answer" = 4\n';
    const tests = (stdout: string | null) => ({
      ...{ kind: 'commands', syntax: 'sh', program: { form: 'file', path: 'main.sh' } },
      files: [{ path: 'check.sh', text: check }],
      cases: [
        { argv: ['sh', 'check.sh'] },
        {
          argv: ['sh', '-c', '. ./main.sh; echo $answer; cat /proc/sys/kernel/random/uuid >&2'],
          expected: { stdout },
        },
      ],
    });

    it('comes out as recorded; what it told is not compared', async () => {
      const task = {
        ...{ id: 'told/1', language: 'command', entryPoint: 'main.sh', statement: 'Set answer to 4.' },
        ...{ givenProgram: 'answer=3\n', publicTests: tests('4'), hiddenTests: tests('4') },
      };
      writeFileSync(join(directory, 'told.jsonl'), `${JSON.stringify(task)}\n`);
      writeFileSync(
        join(directory, 'answers.jsonl'),
        `${JSON.stringify({ task_id: 'told/1', implementations: ['answer=3\n', 'answer=5\n'] })}\n`,
      );
      const image = ['--image', `command=${testImage}`, '-j', '1'];
      const run = [
        'run',
        '--suite',
        'native:told.jsonl',
        '--generator',
        'recorded:answers.jsonl',
        '--seed',
        '7',
      ];
      const made = await pawl(directory, [...run, '--sandbox', 'docker', ...image]);
      expect(made.exitCode, made.stderr).toBe(0);
      const { exitCode, stdout, stderr } = await pawl(directory, ['rerun', ...image, '--json']);
      const last = jsonLines(stdout).at(-1);
      expect([exitCode, last?.['verdict'], last?.['pass'], last?.['judgedOnly']], stderr).toEqual([
        0,
        'pass',
        3,
        3,
      ]);
    });
  },
);

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sharedDirectory } from './directory.ts';
import { type Ended, jsonLines, pawl, shell } from './pawl.ts';
import { smallRun, smallTasks } from './small-run.ts';

const directory = sharedDirectory();
let ended: Ended;
/** Ids of the two runs. */
let blind = '';
let refined = '';

beforeAll(async () => {
  ended = await pawl(directory, smallRun('best-of-n', 'sequential-feedback'));
  const runs = jsonLines((await pawl(directory, ['runs', '--json'])).stdout);
  [blind, refined] = runs.map(({ run }) => String(run)) as [string, string];
});

/** Lines without the blanks that columns are aligned with. */
function lines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .filter((line) => line !== '' && !line.startsWith('─'));
}

const end = (run: string): string => run.slice(-6);

describe('a run from its start to its verification', () => {
  it('run: a table by strategy on stdout, all else on stderr, and a ledger in the directory', () => {
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(lines(ended.stdout.replaceAll(/\d+\.\d s/g, 'T s'))).toEqual([
      'strategy run tasks solved public solved hidden over-accepted candidates executions time',
      `best-of-n ${end(blind)} 3 2 (67 %) 2 (67 %) 0 17 20 T s`,
      `sequential-feedback ${end(refined)} 3 2 (67 %) 2 (67 %) 0 15 18 T s`,
    ]);
    expect(lines(ended.stderr)[0]).toBe('starter: 3 tasks, seed 7, ledger sqlite:./pawl.db');
    expect(lines(ended.stderr).at(-1)).toBe(`Look closer: npx pawl show ${end(refined)}`);
    expect(existsSync(join(directory, 'pawl.db'))).toBe(true);
  });

  it('runs: one line each, oldest first', async () => {
    const { exitCode, stdout, stderr } = await pawl(directory, ['runs']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(lines(stdout)).toEqual([
      'run status suite strategy generator seed tasks solved public solved hidden',
      `${end(blind)} finished starter best-of-n repair 7 3/3 2 (67 %) 2 (67 %)`,
      `${end(refined)} finished starter sequential-feedback repair 7 3/3 2 (67 %) 2 (67 %)`,
    ]);
  });

  it('show: the last run task by task', async () => {
    const { exitCode, stdout } = await pawl(directory, ['show']);
    expect(exitCode).toBe(0);
    expect(lines(stdout).filter((line) => !/^(suite|outcome|executed) /.test(line))).toEqual([
      `run ${refined} (finished)`,
      'strategy sequential-feedback version 1 {"candidates":8}',
      'generator repair version 1 {}',
      'seed 7',
      'solved public 2 (67 %), hidden 2 (67 %)',
      '# task verdict candidates executions steps',
      `0 ${smallTasks[0]} solved 1 2 144`,
      `1 ${smallTasks[1]} solved 6 7 219`,
      `2 ${smallTasks[2]} unsolved 8 9 146`,
    ]);
    const machine = `${process.platform} ${process.arch}`;
    expect(lines(stdout).find((line) => line.startsWith('executed'))).toMatch(
      new RegExp(
        `^executed pawl \\d+\\.\\d+\\.\\d+, node ${process.versions.node}, ${machine}; javascript by quickjs-emscripten \\d`,
      ),
    );
  });

  it('show RUN.INDEX and RUN:TASK: the same episode as a story', async () => {
    const [byIndex, byTask] = await Promise.all([
      pawl(directory, ['show', `${end(refined)}.0`]),
      pawl(directory, ['show', `latest:${smallTasks[0]}`]),
    ]);
    expect(byIndex.stdout).toBe(byTask.stdout);
    expect(
      lines(byIndex.stdout)
        .filter((line) => !line.startsWith('──'))
        .slice(-9),
    ).toEqual([
      '- if (this.change(account, -amount)) {',
      '+ if (!this.change(account, -amount)) {',
      'return false;',
      '}',
      'public tests: passed, 3 of 3 passed, 74 steps',
      'hidden tests: passed, 8 of 8 passed, 207 steps',
      'score 1.000',
      'answer: 70bc66e9d0e8 (public pass)',
      'hidden tests: passed, 8 of 8 passed: solved',
    ]);
  });

  it('compare: who solved what', async () => {
    const { exitCode, stdout } = await pawl(directory, ['compare', 'latest', blind]);
    expect(exitCode).toBe(0);
    const [left, right] = [`sequential-feedback (${end(refined)})`, `best-of-n (${end(blind)})`];
    expect(lines(stdout)).toEqual([
      `${left} against ${right}: 3 tasks in common`,
      `solved both only ${left} only ${right} neither`,
      'public tests 2 0 0 1',
      'hidden tests 2 0 0 1',
    ]);
  });

  it('replay: every decision comes out as recorded', async () => {
    const { exitCode, stdout } = await pawl(directory, ['replay', end(refined)]);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'Replayed 3 episodes: all 84 decisions come out as recorded.\n',
    });
  });

  it('verify: nothing was altered and nothing is missing, by what the session remembered', async () => {
    const { exitCode, stdout } = await pawl(directory, ['verify', '--deep']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^Verified 250 events in 9 streams and \d+ blobs: all of it fits together\.\nNothing altered: yes\. The first 250 of 250 records hash to the checkpoint remembered on this machine \(.+\)\.\nNothing missing: yes\. All 250 records .+\nTrusted: .+\nTree head [0-9a-f]{64}\n$/,
    );
  });

  it('the same command again adds runs with the same outcome, and keeps the first', async () => {
    const again = await pawl(directory, smallRun('sequential-feedback'));
    expect(again.exitCode, again.stderr).toBe(0);
    const runs = jsonLines((await pawl(directory, ['runs', '--json'])).stdout);
    expect(runs.map(({ run }) => run).slice(0, 2)).toEqual([blind, refined]);
    expect(runs).toHaveLength(3);
    const outcomes = await Promise.all(
      [refined, 'latest'].map(async (run) => {
        const { stdout } = await pawl(directory, ['show', run, '--json']);
        return jsonLines(stdout)[0]?.['outcome'];
      }),
    );
    expect(outcomes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(outcomes[1]).toBe(outcomes[0]);
  });

  it('resume has nothing to do', async () => {
    expect(await pawl(directory, ['resume'])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'Nothing to resume: every run has finished.\n',
    });
  });

  it('a reader that goes away is no error, and a result that cannot be written is one', async () => {
    const gone = await shell(
      directory,
      'pawl show latest.0 --json | true; pawl runs | head -n 1; pawl runs 2>&1 | true',
    );
    expect(gone).toMatchObject({ exitCode: 0, stderr: '' });
    expect(lines(gone.stdout)[0]).toMatch(/^run status suite/);
    if (!existsSync('/dev/full')) return;
    const full = await shell(directory, 'pawl runs > /dev/full');
    expect(full.exitCode).toBe(1);
    expect(full.stderr).toMatch(/^The result cannot be written: /);
  });
});

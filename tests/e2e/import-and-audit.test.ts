import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { linesOf, row, writeRows, writeTasks, wrong } from '../exchange/recorded-rows.ts';
import { sharedDirectory } from './directory.ts';
import { jsonLines, pawl } from './pawl.ts';

const directory = sharedDirectory();
/** Solved at the third program; over-accepted at the first; never solved. */
const rows = [
  row(0),
  row(1, { implementations: [wrong], test_feedback: [[]], solution: wrong, is_solved: false }),
  row(2, {
    ...{ implementations: [wrong, wrong], solution: wrong, is_passing: false, is_solved: false },
    test_feedback: [['assert double(2) == 4'], ['assert double(2) == 4']],
  }),
];
const importing = ['import', 'recorded-run', 'toy.results.jsonl', '--tasks', 'tasks.jsonl'];
let run = '';

beforeAll(async () => {
  writeTasks(directory, rows.length);
  writeRows(directory, linesOf(rows));
  const { stdout, exitCode } = await pawl(directory, [...importing, '--json']);
  const [told] = jsonLines(stdout);
  run = String(told?.['run']);
  expect([exitCode, told]).toEqual([
    0,
    {
      ...{ type: 'import', run, status: 'imported', episodes: 3, programs: 6 },
      ...{ publicPass: 2, hiddenPass: 1, tasksWithoutRow: 0 },
    },
  ]);
});

describe('pawl import', () => {
  it('says what it did, and the second time that it is there already', async () => {
    const { stdout, stderr, exitCode } = await pawl(directory, importing);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      `run ${run.slice(-6)} is there already: 3 episodes, 6 programs\nsolved, as recorded: public 2 (67 %), hidden 1 (33 %)\n`,
    );
    expect(stderr).toBe(`Look closer: npx pawl audit ${run.slice(-6)}\n`);
  });

  it('says how many tasks have no row: the shares are of the others', async () => {
    const { stdout, exitCode } = await pawl(directory, [...importing, '--limit', '2', '--ledger', 'two.db']);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').slice(1)).toEqual([
      ...[
        'solved, as recorded: public 2 (100 %), hidden 1 (50 %)',
        'no row for 1 of the 3 tasks in tasks.jsonl',
      ],
      '',
    ]);
  });

  it('lists the formats it knows', async () => {
    const { stdout, exitCode } = await pawl(directory, ['import', '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Formats:\n {2}recorded-run {10}refinement episodes as LDB records them/m);
  });

  it.each([
    [['import', 'recorded-walk', 'toy.results.jsonl', '--tasks', 'tasks.jsonl'], 2, 'IMPORT_FORMAT'],
    [['import', 'recorded-run', 'toy.results.jsonl', '--tasks', 'gone.jsonl'], 2, 'SUITE_NOT_FOUND'],
    [['import', 'recorded-run', 'gone.jsonl', '--tasks', 'tasks.jsonl'], 1, 'IMPORT_INVALID'],
    [['import', 'recorded-run', 'tasks.jsonl', '--tasks', 'tasks.jsonl'], 1, 'IMPORT_INVALID'],
  ])('%j ends with %i: %s', async (args, code, error) => {
    const { stdout, exitCode, stderr } = await pawl(directory, [...args, '--json', '--ledger', 'none.db']);
    expect([exitCode, jsonLines(stdout)]).toEqual([
      code,
      [expect.objectContaining({ type: 'error', code: error })],
    ]);
    expect(stderr).toContain(error);
    expect(existsSync(join(directory, 'none.db'))).toBe(false);
  });

  it('leaves a run that resume has no business with', async () => {
    const { exitCode, stderr } = await pawl(directory, ['resume', run]);
    expect([exitCode, stderr]).toEqual([0, 'Nothing to resume: every run named has finished.\n']);
  });
});

describe('pawl audit', () => {
  it('names what it finds, with the events that prove it, and what it looked for in vain', async () => {
    const { stdout, exitCode } = await pawl(directory, ['audit']);
    expect(exitCode).toBe(0);
    const id = run.slice(-6);
    expect(stdout).toContain(
      `run ${id} (recorded-run): solved by iteration, of 3 finished tasks\nimported from toy.results.jsonl (SHA-256 ${sha256Hex(linesOf(rows))}) by recorded-run version 1\n`,
    );
    expect(stdout).toMatch(/^ +0 {2}1 \(33 %\) {2}0 \(0 %\) {3}░{13}$/m);
    expect(stdout).toMatch(/^ +2 {2}2 \(67 %\) {2}1 \(33 %\) {2}█{13}░{14}$/m);
    expect(stdout).toContain(
      `warning  over-accepted: 1 of 2 (50.0 %) answers that pass the public tests fail the hidden ones\n           HumanEval/1: ${id}.1 at 3, 5\n`,
    );
    expect(stdout).toContain('friction: the answer did not change under feedback in 1 of 1 (100.0 %) tasks');
    expect(stdout).toMatch(
      /looked for and not found: hidden-before-pick \(0 of 3\), answer-misreported \(0 of 3\)/,
    );
  });

  it('gives programs every finding, with figures and all evidence', async () => {
    const { stdout } = await pawl(directory, ['audit', run, '--json']);
    const records = jsonLines(stdout);
    expect(records[0]).toMatchObject({
      ...{ type: 'curve', run, episodes: 3 },
      points: [
        { iteration: 0, publicPass: 1, hiddenPass: 0 },
        { iteration: 1, publicPass: 1, hiddenPass: 0 },
        { iteration: 2, publicPass: 2, hiddenPass: 1 },
      ],
    });
    expect(records.filter(({ type }) => type === 'finding')).toHaveLength(17);
    expect(records.find(({ finding }) => finding === 'repeated-candidates')).toMatchObject({
      ...{ run, version: 1, level: 'note', count: 2, of: 6 },
      cases: [
        { about: 'HumanEval/0', evidence: [{ revision: 1 }, { revision: 4 }] },
        { about: 'HumanEval/2', evidence: [{ revision: 1 }, { revision: 4 }] },
      ],
    });
    expect(records.at(-1)).toEqual({ type: 'audit', runs: 1, findings: 5, programs: 2, unreadable: 0 });
  });

  it('fails a script only when asked to', async () => {
    expect((await pawl(directory, ['audit', '--fail-on', 'warning'])).exitCode).toBe(1);
    expect((await pawl(directory, ['audit', '--fail-on', 'problem'])).exitCode).toBe(0);
    expect((await pawl(directory, ['audit', '--fail-on', 'anything'])).exitCode).toBe(2);
  });

  it('records what it found once, in the ledger it is about', async () => {
    const record = async () => (await pawl(directory, ['audit', '--record', '--json'])).stdout;
    const before = jsonLines(await record());
    expect(before.at(-1)).toEqual({ type: 'recorded', findings: 5 });
    expect(jsonLines(await record()).at(-1)).toEqual({ type: 'recorded', findings: 0 });
    expect((await pawl(directory, ['verify'])).exitCode).toBe(0);
  });
});

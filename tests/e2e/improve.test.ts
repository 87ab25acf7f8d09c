import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedDirectory } from './directory.ts';
import { jsonLines, pawl, startPawl } from './pawl.ts';

const msMax = 240_000;
/** A line on some tasks of the starter suite: 20 to search on, 27 to screen on, 61 held out. */
const small = [
  ...[
    'improve',
    '--shares',
    '6:10:20:64',
    '--sealed',
    'none',
    '--gate',
    'gate.json',
    '--strategy',
    'unary-retry',
  ],
  ...['--candidates', '4', '--proposer', 'tuner:strategy', '--proposals', '2', '-j', '1'],
];

describe('a line of improvement from the command line', () => {
  const directory = sharedDirectory();

  it('is opened, stopped in the middle, gone on with, and comes to the end that nobody stopped', {
    timeout: msMax,
  }, async () => {
    writeFileSync(join(directory, 'gate.json'), '{"mde": 0.2, "mdeMax": 0.5}');
    const first = startPawl(directory, small);
    await first.said(/tasks fail/);
    first.child.kill('SIGKILL');
    await first.ended;
    const second = await pawl(directory, [...small, '--json']);
    expect(second.stderr).toContain('goes on after 0 of 2 proposals by tuner');
    expect(second.exitCode).toBe(0);
    const whole = await pawl(directory, [...small, '--json', '--ledger', 'sqlite:./whole.db']);
    const told = (stdout: string) =>
      jsonLines(stdout).map(({ proposal: _, ...rest }) => rest) as readonly Record<string, unknown>[];
    expect(told(second.stdout)).toEqual(told(whole.stdout));
    const last = told(whole.stdout).at(-1);
    expect(last).toMatchObject({
      ...{ type: 'improvement', line: 'main', status: 'finished', reason: 'proposals', refused: 0 },
    });
    const proposals = told(whole.stdout).filter(({ type }) => type === 'proposal');
    expect(proposals.map(({ slot, author }) => `${slot} by ${author}`)).toEqual([
      'strategy by tuner',
      'strategy by tuner',
    ]);
  });

  it('is replayed whole, with every run that was made for it', { timeout: msMax }, async () => {
    const { exitCode, stdout } = await pawl(directory, ['replay', 'improvement-main']);
    expect(stdout).toMatch(/^improvement-main: all \d+ decisions of the line come out as recorded\.\n/);
    expect(exitCode).toBe(0);
  });

  it('takes a change that a person brings, and says by its exit code what came of it', {
    timeout: msMax,
  }, async () => {
    writeFileSync(join(directory, 'same.json'), '{"name":"unary-retry","params":{"candidates":4}}');
    writeFileSync(join(directory, 'other.json'), '{"name":"best-of-n","params":{"candidates":1}}');
    const brought = (content: string) => [
      ...['propose', '--slot', 'strategy', '--content', content, '--hypothesis', 'One try is enough.'],
      ...['--predicted-gain', '0.1', '--falsified-by', 'Dev is worse.', '--as', 'person:ada'],
    ];
    const { exitCode, stdout } = await pawl(directory, [...brought('other.json'), '--examine', '-j', '1']);
    expect(stdout).toContain('strategy: One try is enough. [against any]');
    expect(stdout).toContain('→ discarded');
    expect(exitCode).toBe(100);
    const wrong = await pawl(directory, brought('gate.json'));
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('PROPOSAL_INVALID: A content for the slot strategy is a JSON object');
    const missing = await pawl(directory, [...brought('nothing.json'), '--line', 'none']);
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toContain('IMPROVEMENT_NOT_FOUND');
  });

  it('refuses what cannot be improved before anything is written', { timeout: msMax }, async () => {
    const fresh = ['--ledger', 'sqlite:./fresh.db'];
    const shares = await pawl(directory, ['improve', '--shares', '1:2', ...fresh]);
    expect(shares.stderr).toContain('SPLIT_INVALID: Shares are four whole numbers');
    const oracle = await pawl(directory, ['improve', '--proposer', 'oracle', ...fresh]);
    expect(oracle.stderr).toContain('USAGE: There is no proposer "oracle".');
    expect(oracle.exitCode).toBe(2);
    const few = ['--shares', '6:10:3:81', '--sealed', 'none'];
    const hopeless = await pawl(directory, ['improve', ...few, ...fresh]);
    expect(hopeless.stderr).toContain('held-out items the first test finds effects');
  });
});

import { expect, it } from 'vitest';
import { sharedDirectory } from './directory.ts';
import { jsonLines, pawl } from './pawl.ts';

const directory = sharedDirectory();

it('100 held-out items cannot find +0.05: exit code 101, with the reasons, and no ledger is made', async () => {
  const { exitCode, stdout, stderr } = await pawl(directory, ['gate', 'plan', '--heldout', '100']);
  expect(exitCode, stderr).toBe(101);
  expect(stdout).toContain(
    '100 items cannot find +0.05: at level 1/60 the smallest effect they find with 80 % power is +0.116 at discordance 0.15.',
  );
  expect(stdout).toContain(
    'because at discordance 0.15 a challenger that is better by +0.05 passes with probability 0.13',
  );
  expect(stdout).toContain('what helps: grow the held-out set to 554 items');
});

it('600 can: exit code 0, and one JSON line for programs', async () => {
  const { exitCode, stdout } = await pawl(directory, ['gate', 'plan', '--heldout', '600', '--json']);
  expect(exitCode).toBe(0);
  const [plan, ...more] = jsonLines(stdout);
  expect(more).toEqual([]);
  expect(plan).toMatchObject({ type: 'plan', line: null, verdict: 'works', items: 600, reasons: [] });
});

it.each([
  ['--heldout', '0'],
  ['--heldout', '20001'],
  ['--effect', '1'],
  ['--level', '1/0'],
  ['--discordance', '0.1,'],
])('%s %s is a mistake of the command line', async (option, value) => {
  const { exitCode, stderr } = await pawl(directory, ['gate', 'plan', option, value]);
  expect([exitCode, stderr.includes(option)]).toEqual([2, true]);
});

it('without numbers it takes a ledger', async () => {
  const { exitCode, stderr } = await pawl(directory, ['gate', 'plan']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('LEDGER_NOT_FOUND');
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sharedDirectory } from './directory.ts';
import { jsonLines, pawl } from './pawl.ts';

const directory = sharedDirectory();

/** One command; the exit code is the first thing that is wrong with one that fails. */
async function said(exitCode: number, ...args: readonly string[]) {
  const ended = await pawl(directory, args);
  expect([args.join(' '), ended.exitCode, ended.exitCode === exitCode ? '' : ended.stderr]).toEqual([
    args.join(' '),
    exitCode,
    '',
  ]);
  return ended;
}

it('a gate is opened, shown, changed by two people, and what the slots hold is there for programs', async () => {
  writeFileSync(join(directory, 'prompt.txt'), 'Repair this:\n{{statement}}\n');
  const opening = ['--as', 'person:ada', '--strategy', 'best-of-n', '--candidates', '4'];
  const { stdout } = await said(0, 'gate', 'open', ...opening, '--prompt', 'prompt.txt');
  expect(stdout).toContain(
    'Line "starter" on the suite starter: 120 optimize, 62 dev, 88 heldout, 30 sealed items',
  );
  expect(stdout).toContain('Checks: static → dev → cost → latency → trigger → heldout');

  const again = await said(1, 'gate', 'open', ...opening);
  expect(again.stderr).toContain('The ledger has a line of improvement "starter" already.');

  const strategy = await said(0, 'champion', 'get', 'strategy', '--json');
  const [champion, ...more] = jsonLines(strategy.stdout);
  expect(more).toEqual([]);
  expect(champion).toMatchObject({
    ...{ type: 'champion', line: 'starter', slot: 'strategy', track: 'certified' },
    content: { name: 'best-of-n', version: 1, params: { candidates: 4, stop: 'public_pass', width: 1 } },
  });
  // Byte for byte, for whoever deploys it.
  const prompt = await said(0, 'champion', 'get', 'prompt', '--content');
  expect(prompt.stdout).toBe('Repair this:\n{{statement}}\n');
  await said(0, 'champion', 'get', 'prompt', '--file', 'deployed.txt');
  expect(readFileSync(join(directory, 'deployed.txt'), 'utf8')).toBe('Repair this:\n{{statement}}\n');

  const hash = String(champion?.['champion']);
  const back = ['champion', 'rollback', 'strategy', '--reason', 'a try', '--as', 'person:ada', '--to'];
  expect((await said(1, ...back, hash.slice(0, 8))).stderr).toContain('GOVERNANCE_REFUSED');
  expect((await said(1, ...back, 'abcdef')).stderr).toContain('never held anything with that hash');

  writeFileSync(join(directory, 'stricter.json'), '{"dev":{"entryLevel":"1/10"}}');
  const change = ['gate', 'propose', 'stricter.json', '--why', 'fewer false alarms'];
  const proposed = await said(0, ...change, '--as', 'person:ada', '--json');
  const [proposal] = jsonLines(proposed.stdout);
  expect(proposal).toMatchObject({ type: 'gate-proposal', standing: 'awaits-approval' });
  expect((await said(0, 'gate', 'show')).stdout).toContain('it has 0 of 1 approvals');
  const own = await said(1, 'approve', 'latest', '--as', 'person:ada');
  expect(own.stderr).toContain('person:ada proposed it');
  const yes = await said(0, 'approve', 'latest', '--as', 'person:grace');
  expect(yes.stdout).toContain('was promoted');
  const shown = jsonLines((await said(0, 'gate', 'show', '--json')).stdout)[0];
  expect(shown).toMatchObject({
    type: 'gate',
    definition: { dev: { entryLevel: '1/10' } },
    epoch: { number: 1 },
  });

  writeFileSync(join(directory, 'laxer.json'), '{"alpha":"1/2"}');
  const laxer = await said(2, 'gate', 'propose', 'laxer.json', '--why', 'more', '--as', 'person:ada');
  expect(laxer.stderr).toContain('it needs items that nobody has tested on');

  const history = await said(0, 'champion', 'history', '--json');
  expect(jsonLines(history.stdout).map(({ slot, track }) => `${slot} ${track}`)).toEqual([
    ...['gate baseline', 'strategy baseline', 'generator baseline', 'scorer baseline', 'prompt baseline'],
    'gate certified',
  ]);

  expect((await said(1, 'gate', 'final')).stderr).toContain('the certified champion is the baseline still');
  expect((await said(1, 'champion', 'get', 'strategy', '--line', 'other')).stderr).toContain(
    'No line of improvement is called "other". The ledger has "starter".',
  );
  expect((await said(1, 'refuse', 'ZZZZ', '--as', 'person:grace', '--reason', 'no')).stderr).toContain(
    'PROPOSAL_NOT_FOUND',
  );
  await said(0, 'verify');
});

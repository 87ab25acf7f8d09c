import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sharedDirectory } from '../e2e/directory.ts';
import { homeOf, jsonLines, pawl, startPawl } from '../e2e/pawl.ts';
import { smallRun } from '../e2e/small-run.ts';
import { linesOf, row, writeRows, writeTasks } from '../exchange/recorded-rows.ts';
import { realServer, testLedger } from '../wire/test-ledger.ts';

const msMax = 300_000;
const directory = sharedDirectory();
let address = '';
/** Of the run that `beforeAll` makes. */
let run = '';

/** The real command, with the ledger that `PAWL_LEDGER` names on a server. */
const onServer = (...args: readonly string[]) => pawl(directory, args, { PAWL_LEDGER: address });

async function json(...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await onServer(...args, '--json');
  expect(exitCode, stderr).toBe(0);
  return jsonLines(stdout);
}

/** What a run came to, as every store must have it. */
const outcome = { tasks: 3, finished: 3, publicPass: 2, hiddenPass: 2, candidates: 15 };

async function outcomeOf(name: string) {
  const runs = await json('runs');
  const found = runs.find((one) => String(one['run']).endsWith(name)) ?? {};
  return Object.fromEntries(Object.keys(outcome).map((key) => [key, found[key]]));
}

beforeAll(async () => {
  ({ address } = await testLedger());
  const made = await onServer('init', '--origin', 'ledger.example/cluster');
  expect(made, made.stderr).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('are signed') });
  const ran = await onServer(...smallRun('sequential-feedback'));
  expect(ran.exitCode, ran.stderr).toBe(0);
  expect(ran.stderr).toContain(`ledger ${address}`);
  run = String((await json('runs'))[0]?.['run']).slice(-6);
}, msMax);

describe('with PAWL_LEDGER=esdb://…', () => {
  it('a run is recorded, shown, compared, replayed and rerun', { timeout: msMax }, async () => {
    expect(await outcomeOf(run)).toEqual(outcome);
    expect((await onServer('show', `${run}.1`)).stdout).toMatch(/anagram-groups\/06/);
    expect((await onServer('replay')).stdout).toBe(
      'Replayed 3 episodes: all 84 decisions come out as recorded.\n',
    );
    const again = await onServer('rerun', '-j', '1');
    expect([again.exitCode, again.stdout]).toEqual([
      0,
      'Rerun of 3 episodes: all 21 executions come out as recorded.\n',
    ]);
    expect((await onServer(...smallRun('best-of-n'))).exitCode).toBe(0);
    const compared = await onServer('compare', run, 'latest');
    expect([compared.exitCode, compared.stdout]).toEqual([0, expect.stringContaining('best-of-n')]);
    expect((await onServer('audit', '--group')).exitCode).toBe(0);
  });

  it('a run that was killed in the middle is gone on with to the same end', { timeout: msMax }, async () => {
    const killed = startPawl(directory, smallRun('sequential-feedback'), { PAWL_LEDGER: address });
    await killed.said(/1\/3 tasks/);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const resumed = await onServer('resume', '-j', '1');
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    expect(await outcomeOf('')).toEqual(outcome);
    const replayed = await onServer('replay', '--all');
    expect(replayed.exitCode, replayed.stdout).toBe(0);
    expect((await onServer('verify')).exitCode).toBe(0);
  });

  it('a branch is made and explained', { timeout: msMax }, async () => {
    const told = (await json('fork', `${run}.1`, '--at', '12', '-j', '1')).at(-1);
    expect(told).toMatchObject({ type: 'fork', copied: 12, performed: { generations: 0, executions: 0 } });
    const diff = await json('diff', String(told?.['run']).slice(-6));
    expect(diff[0]).toMatchObject({ type: 'diff', identical: true });
  });

  it('checkpoints are signed, remembered and proved, and a bundle is checked without the server', {
    timeout: msMax,
  }, async () => {
    const { stdout: checkpoint } = await onServer('checkpoint');
    writeFileSync(join(directory, 'kept.checkpoint'), checkpoint);
    expect((await onServer(...smallRun('unary-retry'))).exitCode).toBe(0);
    const verified = await onServer('verify', '--strict', '--checkpoint', 'kept.checkpoint');
    expect([verified.exitCode, verified.stdout]).toEqual([
      0,
      expect.stringMatching(/^Nothing missing: yes/m),
    ]);
    const [{ verifierKey }] = (await json('checkpoint')) as [{ verifierKey: string }];
    expect((await onServer('prove', '7')).stdout).toMatch(/^c2sp\.org\/tlog-proof@v1\nindex 7\n/);
    const exported = await onServer('export', 'bundle', '--run', run, '--out', 'sent.pawl.html');
    expect(exported.exitCode, exported.stderr).toBe(0);
    const bundle = ['verify', '--bundle', 'sent.pawl.html', '--verifier-key', verifierKey];
    const checked = await pawl(directory, bundle);
    expect(checked.exitCode, checked.stdout).toBe(0);
    const tiles = await onServer('tiles', 'public');
    expect(tiles.exitCode, tiles.stderr).toBe(0);
    expect((await onServer('verify', '--tiles', 'public')).exitCode).toBe(0);
  });

  it('a blob is erased, which verification and replay then know', { timeout: msMax }, async () => {
    const erased = await onServer('erase', '--containing', 'anagram', '--reason', 'told', '--yes');
    expect([erased.exitCode, erased.stderr]).toEqual([0, expect.stringContaining('the next scavenge')]);
    expect(erased.stdout).toMatch(/erased: told \(audit-erasures\/\d+\)/);
    const verified = await onServer('verify');
    expect([verified.exitCode, verified.stdout]).toEqual([0, expect.stringMatching(/^Erased: blob /m)]);
    const left = await onServer('erase', '--containing', 'anagram', '--dry-run');
    expect(left.stdout).not.toMatch(/^blob /m);
  });

  it('another tool’s run is imported, once', { timeout: msMax }, async () => {
    writeTasks(directory, 2);
    writeRows(directory, linesOf([row(0), row(1)]));
    const importing = ['import', 'recorded-run', 'toy.results.jsonl', '--tasks', 'tasks.jsonl'];
    expect(await json(...importing)).toMatchObject([{ type: 'import', status: 'imported', episodes: 2 }]);
    expect((await onServer(...importing)).stdout).toContain('is there already');
  });

  it.skipIf(process.env['PAWL_LONG'] !== '1')(
    'it is copied to a file and back, and the tree is the same three times',
    {
      timeout: msMax,
    },
    async () => {
      const { address: other } = await testLedger();
      const there = await pawl(directory, ['copy', address, 'copy.db', '--json']);
      const back = await pawl(directory, ['copy', 'copy.db', other, '--json']);
      expect([there.exitCode, back.exitCode], `${there.stderr}${back.stderr}`).toEqual([0, 0]);
      const [one, two] = [jsonLines(there.stdout).at(-1), jsonLines(back.stdout).at(-1)];
      expect(two).toMatchObject({ root: one?.['root'], size: one?.['size'], finished: true });
      for (const ledger of ['copy.db', other]) {
        const verified = await pawl(directory, ['verify', '--ledger', ledger]);
        expect([verified.exitCode, verified.stdout]).toEqual([0, expect.stringMatching(/^Erased: blob /m)]);
        const [original, copied] = [
          await onServer('prove', '9'),
          await onServer('prove', '9', '--ledger', ledger),
        ];
        expect(copied.stdout).toBe(original.stdout);
      }
      const proofs = [await onServer('runs'), await pawl(directory, ['runs', '--ledger', 'copy.db'])];
      expect(proofs[1]?.stdout).toBe(proofs[0]?.stdout);
    },
  );

  it('a line of improvement is stopped in the middle, gone on with, judged, and decided again', {
    timeout: msMax,
  }, async () => {
    const { address: line } = await testLedger();
    const judging = (...args: readonly string[]) => pawl(directory, args, { PAWL_LEDGER: line });
    writeFileSync(join(directory, 'gate.json'), '{"mde": 0.2, "mdeMax": 0.5}');
    const improving = [
      ...['improve', '--shares', '6:10:20:64', '--sealed', 'none', '--gate', 'gate.json', '-j', '1'],
      ...[
        '--strategy',
        'unary-retry',
        '--candidates',
        '4',
        '--proposer',
        'tuner:strategy',
        '--proposals',
        '1',
      ],
    ];
    const killed = startPawl(directory, improving, { PAWL_LEDGER: line });
    await killed.said(/tasks fail/);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const { exitCode, stdout, stderr } = await judging(...improving, '--json');
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringContaining('goes on after 0 of 1 proposal by tuner'),
    ]);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ type: 'improvement', status: 'finished', refused: 0 });
    expect((await judging('replay', 'improvement-main')).stdout).toMatch(
      /decisions of the line come out as recorded/,
    );
    for (const command of [
      ['gate', 'show'],
      ['gate', 'plan'],
      ['gate', 'what-if', '--policy', 'every-candidate'],
      ['champion', 'history'],
    ]) {
      const told = await judging(...command);
      expect(told.exitCode, `${command.join(' ')}: ${told.stderr}`).toBe(0);
    }
    const named = await pawl(directory, ['gate', 'what-if', line, '--policy', 'every-candidate']);
    expect([named.exitCode, named.stdout]).toEqual([0, expect.stringContaining('1 decision of main')]);
    expect((await judging('verify')).exitCode).toBe(0);
  });

  it('the doctor says where it is and what it holds', { timeout: msMax }, async () => {
    const { stdout } = await onServer('doctor', '--json');
    const checks = jsonLines(stdout).filter(({ check }) => check === 'ledger' || check === 'disk');
    expect(checks).toEqual([
      { type: 'check', check: 'disk', ok: true, detail: expect.stringContaining('known of the ledger') },
      {
        type: 'check',
        check: 'ledger',
        ok: true,
        detail: expect.stringMatching(/^esdb:.* holds \d+ events$/),
      },
    ]);
  });
});

describe('a password in the address', () => {
  // A real server may know no such user.
  it.skipIf(realServer !== null)(
    'is nowhere in what commands print or keep',
    { timeout: msMax },
    async () => {
      const password = 'sw0rdfish-4711';
      const { address: plain } = await testLedger();
      const ledger = plain.replace('esdb://', `esdb://ada:${password}@`);
      const outputs = [];
      for (const args of [
        smallRun('unary-retry'),
        ['runs'],
        ['show'],
        ['verify'],
        ['doctor'],
        ['show', 'none'],
        ['copy', 'nothing.db', ledger],
        ['copy', ledger, ledger],
        ['runs', '--at', '999999'],
      ]) {
        const { stdout, stderr } = await pawl(directory, [
          ...args,
          ...(args[0] === 'copy' ? [] : ['--ledger', ledger]),
        ]);
        outputs.push(stdout, stderr);
      }
      expect(outputs.join('\n')).toContain('esdb://ada:***@');
      expect(outputs.join('\n')).not.toContain(password);
      const kept = [homeOf(directory).XDG_STATE_HOME, String(process.env['XDG_CACHE_HOME'])].flatMap(
        filesBelow,
      );
      expect(kept.length).toBeGreaterThan(0);
      for (const file of kept) expect(readFileSync(file).includes(password), file).toBe(false);
    },
  );
});

describe('an address that leads nowhere', () => {
  it('is a coded error that says what to do', { timeout: msMax }, async () => {
    const refused = await pawl(directory, ['runs', '--ledger', 'esdb://ada:secret@127.0.0.1:9?tls=false']);
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringMatching(/^LEDGER_UNREACHABLE: /)]);
    const { address: empty } = await testLedger();
    const none = await pawl(directory, ['runs', '--ledger', empty]);
    expect([none.exitCode, none.stderr]).toEqual([1, expect.stringMatching(/^LEDGER_NOT_FOUND: /)]);
    const wrong = await pawl(directory, ['runs', '--ledger', 'esbd://ada:secret@db.example']);
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringMatching(/^LEDGER_URL: /)]);
    expect(`${refused.stderr}${wrong.stderr}`).not.toContain('secret');
  });
});

function filesBelow(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

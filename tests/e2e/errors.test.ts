import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import type { PawlEvent } from '../../src/events/catalogue.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { copyLedger } from '../support/copy-ledger.ts';
import { sharedDirectory } from './directory.ts';
import { jsonLines, pawl, shell } from './pawl.ts';
import { smallRun, smallTasks } from './small-run.ts';

const directory = sharedDirectory();
beforeAll(async () => {
  const { exitCode, stderr } = await pawl(directory, smallRun('unary-retry', 'sequential-feedback'));
  expect(exitCode, stderr).toBe(0);
});

it('a reader that goes away neither stops a run nor takes a verdict back', async () => {
  const run =
    'pawl run --limit 2 --candidates 2 --ledger unheard.db --json | true; pawl runs --ledger unheard.db --json';
  const [told, ...more] = jsonLines((await shell(directory, run)).stdout);
  expect([told, more]).toEqual([expect.objectContaining({ status: 'finished', finished: 2 }), []]);
  const altered = new DatabaseSync(join(directory, 'unheard.db'));
  altered.exec('UPDATE records SET leaf = zeroblob(32) WHERE position = 3');
  altered.close();
  const verified = await shell(directory, 'pawl verify --ledger unheard.db | true');
  expect(verified).toMatchObject({ exitCode: 120, stdout: '' });
});

describe('an error is one JSON line, a line for people, and an exit code', () => {
  const none = 'sqlite:none.db';
  const kinds: readonly (readonly [args: string, exitCode: number, code: string, advice: string])[] = [
    ['', 2, 'USAGE', 'Usage: pawl'],
    ['bogus', 2, 'USAGE', '--help'],
    ['run --nope', 2, 'USAGE', '--help'],
    ['compare latest', 2, 'USAGE', "missing required argument 'right'"],
    ['show a b', 2, 'USAGE', 'Expected 1 argument'],
    ['run --limit 0', 2, 'USAGE', 'a whole number from 1 on'],
    ['run --split bogus', 2, 'USAGE', 'optimize, select, heldout, final'],
    ['run --set x', 2, 'USAGE', '[STRATEGY.]PARAMETER=VALUE'],
    ['run --set unknown=1', 2, 'STRATEGY_PARAMS', '`pawl run --help` lists the parameters'],
    ['run --tasks bogus', 2, 'TASK_NOT_FOUND', 'starter/anagram-groups/01'],
    ['run --ledger http://bogus', 2, 'LEDGER_URL', 'sqlite:PATH'],
    [`runs --ledger ${none}`, 1, 'LEDGER_NOT_FOUND', 'PAWL_LEDGER'],
    ['run --ledger no/such/pawl.db', 1, 'LEDGER_NOT_FOUND', 'but not its directory'],
    ['show bogus', 1, 'RUN_NOT_FOUND', '`pawl runs` lists them'],
  ];

  it.concurrent.each(kinds)('pawl %s: %i %s', async (args, exitCode, code, advice) => {
    const given = args === '' ? [] : args.split(' ');
    // Without a command there is nothing that could take --json.
    const ended = await pawl(directory, args === '' ? [] : [...given, '--json']);
    expect(ended.exitCode, ended.stderr).toBe(exitCode);
    if (args !== '')
      expect(jsonLines(ended.stdout)).toEqual([expect.objectContaining({ type: 'error', code })]);
    expect(ended.stderr).toContain(advice);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });

  it('help and version are no errors', async () => {
    const [help, version] = await Promise.all([
      pawl(directory, ['run', '--help']),
      pawl(directory, ['--version']),
    ]);
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toContain('Examples:');
    expect(version).toEqual({ exitCode: 0, stdout: `${packageJson.version}\n`, stderr: '' });
  });
});

describe('where the ledger is', () => {
  it('PAWL_LEDGER says so, --ledger overrules it, and hints name what was given', async () => {
    mkdirSync(join(directory, 'elsewhere'), { recursive: true });
    const environment = { PAWL_LEDGER: 'sqlite:elsewhere/other.db' };
    const args = ['run', '--tasks', smallTasks[0] as string, '--candidates', '1', '--json'];
    const other = await pawl(directory, args, environment);
    expect(other.exitCode, other.stderr).toBe(0);
    expect(other.stderr).toMatch(/^starter: 1 tasks, seed 1, ledger sqlite:elsewhere\/other\.db\n/);
    const [there, here] = await Promise.all([
      pawl(directory, ['runs', '--json'], environment),
      pawl(directory, ['show', '--ledger', 'pawl.db'], environment),
    ]);
    expect(jsonLines(there.stdout)).toHaveLength(1);
    expect(here.stdout).toContain('strategy   sequential-feedback');
    expect(here.stderr).toMatch(/npx pawl show [0-9A-Z]{6}\.0 --ledger pawl\.db\n$/);
  });
});

describe('a ledger that somebody worked on', () => {
  it('replay names the first divergence and exits with 110', async () => {
    const store = await openSqliteStore({ path: join(directory, 'pawl.db'), mode: 'read' });
    const forged = await openSqliteStore({ path: join(directory, 'forged.db'), mode: 'write', create: true });
    const episodes = (await Array.fromAsync(store.streams('episode-'))).filter((name) => name.endsWith('.1'));
    const stream = episodes.at(-1) as StreamName;
    const events = (recorded: readonly PawlEvent[]): readonly PawlEvent[] =>
      recorded.map((event) =>
        event.type === 'FinalPicked'
          ? { ...event, data: { ...event.data, publicPass: !event.data.publicPass } }
          : event,
      );
    const copy = await copyLedger(store, { stream, events }, forged);
    const revision = (await Array.fromAsync(copy.readStream(stream))).find(
      ({ type }) => type === 'FinalPicked',
    )?.revision;
    await store.close();
    await copy.close();

    const run = stream.replace(/^episode-(.*)\.1$/, '$1');
    const forgedLedger = ['--ledger', 'forged.db'];
    const [told, recorded, sound, verified] = await Promise.all([
      pawl(directory, ['replay', run, ...forgedLedger]),
      pawl(directory, ['replay', run, ...forgedLedger, '--json']),
      pawl(directory, ['replay', `${run}.0`, ...forgedLedger]),
      pawl(directory, ['verify', ...forgedLedger]),
    ]);
    expect(told.exitCode).toBe(110);
    expect(told.stdout).toMatch(new RegExp(`^${RegExp.escape(stream)}: diverged at revision ${revision}: `));
    expect(told.stdout).toMatch(/\nReplayed 3 episodes: of 5 streams, 1 diverged, 0 inconclusive\.\n$/);
    expect(recorded.exitCode).toBe(110);
    const verdicts = jsonLines(recorded.stdout);
    expect(verdicts.map(({ type, verdict }) => `${type} ${verdict}`)).toEqual([
      ...['suite pass', 'run pass', 'episode pass', 'episode diverged', 'episode pass', 'replay diverged'],
    ]);
    expect(verdicts.at(-1)).toMatchObject({ type: 'replay', episodes: 3, diverged: 1, inconclusive: 0 });
    expect(sound.exitCode).toBe(0);
    // The forger wrote a ledger of his own: nothing in it was altered, and only replay tells.
    expect(verified.exitCode).toBe(0);
  });

  it('verify finds an altered byte, and exits with 120', async () => {
    const path = join(directory, 'altered.db');
    const source = await openSqliteStore({ path: join(directory, 'pawl.db'), mode: 'read' });
    const target = await openSqliteStore({ path, mode: 'write', create: true });
    await copyLedger(source, { stream: '' as StreamName, events: (events) => events }, target);
    await source.close();
    await target.close();
    const database = new DatabaseSync(path);
    const { changes } = database
      .prepare(
        `UPDATE records SET bytes = CAST(replace(CAST(bytes AS TEXT), '"hiddenPass":true', '"hiddenPass":tru3') AS BLOB)
         WHERE position = (SELECT max(position) FROM events WHERE type = 'EpisodeFinished' AND data LIKE '%"hiddenPass":true%')`,
      )
      .run();
    database.close();
    expect(changes).toBe(1);
    const [told, recorded, read] = await Promise.all([
      pawl(directory, ['verify', '--ledger', path]),
      pawl(directory, ['verify', '--ledger', path, '--json']),
      pawl(directory, ['runs', '--ledger', path, '--json']),
    ]);
    expect(told.exitCode).toBe(120);
    expect(told.stdout).toMatch(
      /^The ledger does not verify: \d problems, the first bad record at position \d+\.\nNothing altered: no\. .+\nNothing missing: unknown\. .+\n {2}LEAF_MISMATCH at position/,
    );
    expect(recorded.exitCode).toBe(120);
    expect(jsonLines(recorded.stdout).map(({ type, code }) => code ?? type)).toEqual([
      'verify',
      'LEAF_MISMATCH',
      'RECORD_INVALID',
      'TREE_MISMATCH',
    ]);
    expect(read.exitCode).toBe(120);
    expect(jsonLines(read.stdout)).toEqual([
      expect.objectContaining({ type: 'error', code: 'LEDGER_CORRUPT' }),
    ]);
    expect(read.stderr).toContain('`pawl verify` lists all that is wrong');
  });
});

describe('doctor', () => {
  it.concurrent('is content with a ledger that does not exist yet', async () => {
    const { exitCode, stdout } = await pawl(directory, ['doctor', '--ledger', 'new.db', '--json']);
    expect(exitCode).toBe(0);
    const checks = jsonLines(stdout);
    // What there is for containers comes after these, and fails nobody who has not asked for it.
    expect(checks.slice(5).filter(({ ok }) => ok === false)).toEqual([]);
    expect(checks.slice(0, 5).map(({ check, ok }) => [check, ok])).toEqual([
      ['node', true],
      ['disk', true],
      ['ledger', true],
      ['javascript', true],
      ['python', true],
    ]);
  });

  it.concurrent('fails without an engine only for those who want containers', async () => {
    const host = { DOCKER_HOST: 'unix:///there/is/none.sock' };
    const [calm, asked] = await Promise.all([
      pawl(directory, ['doctor', '--ledger', 'new.db'], host),
      pawl(directory, ['doctor', '--ledger', 'new.db', '--sandbox', 'docker'], host),
    ]);
    expect([calm.exitCode, asked.exitCode]).toEqual([0, 1]);
    expect(calm.stdout).toMatch(/^○ engine .*Only --sandbox docker needs one\.$/m);
    expect(asked.stdout).toMatch(/^✗ engine .*unix:\/\/\/there\/is\/none\.sock/m);
  });

  it.concurrent('says what is wrong with a file that is no ledger', async () => {
    writeFileSync(join(directory, 'letter.db'), 'Dear reader,\n'.repeat(1000));
    const { exitCode, stdout } = await pawl(directory, ['doctor', '--ledger', 'letter.db']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^✗ ledger +sqlite:letter\.db /m);
  });
});

import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedDirectory } from './directory.ts';
import { homeOf, jsonLines, pawl, startPawl } from './pawl.ts';
import { smallRun } from './small-run.ts';

type Line = Readonly<Record<string, unknown>>;

/** The line about the verification itself, and its exit code. */
async function verify(directory: string, ...args: readonly string[]): Promise<Line> {
  const { exitCode, stdout, stderr } = await pawl(directory, ['verify', '--json', ...args]);
  const [line] = jsonLines(stdout);
  const claim = (name: string): unknown => (line?.[name] as { verdict?: string } | undefined)?.verdict;
  const problems = jsonLines(stdout).filter(({ type }) => type === 'problem');
  return {
    exitCode,
    altered: claim('nothingAltered'),
    missing: claim('nothingMissing'),
    codes: problems.map(({ code }) => code),
    line,
    stderr,
  };
}

const sound = { exitCode: 0, altered: 'yes', missing: 'yes', codes: [] };

async function init(directory: string, ...args: readonly string[]): Promise<Record<string, string>> {
  const { exitCode, stdout, stderr } = await pawl(directory, ['init', '--json', ...args]);
  expect(exitCode, stderr).toBe(0);
  return jsonLines(stdout)[0] as Record<string, string>;
}

describe('a ledger with a signing key', () => {
  const directory = sharedDirectory();
  let key = '';
  let verifierKey = '';

  it('is made by init, which keeps the private key to its owner', async () => {
    const told = await pawl(directory, ['init', '--origin', 'example.com/ledger', '--every', '50']);
    expect(told.stderr).toContain('Keep the private key away from whoever shall be held to it');
    expect(told.stdout).toMatch(
      /^Checkpoints of sqlite:\.\/pawl\.db are signed, every 50 records at least\.\nOrigin {8}example\.com\/ledger\nVerifier key {2}example\.com\/ledger\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\nPrivate key {3}.+\.key\n$/,
    );
    key = join(homeOf(directory).XDG_CONFIG_HOME, 'pawl/keys', 'example.com%2fledger.key');
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(statSync(join(key, '..')).mode & 0o777).toBe(0o700);
    expect(readFileSync(key, 'utf8')).toMatch(/^PRIVATE\+KEY\+example\.com\/ledger\+/);
    verifierKey = /Verifier key {2}(.+)/.exec(told.stdout)?.[1] ?? '';
  });

  it('stays as it is when init is asked again, and says so', async () => {
    const before = readFileSync(key, 'utf8');
    const again = await init(directory);
    expect(again).toMatchObject({ made: false, origin: 'example.com/ledger', everyRecords: 50, verifierKey });
    expect(readFileSync(key, 'utf8')).toBe(before);
    const other = await pawl(directory, ['init', '--origin', 'example.com/other']);
    expect([other.exitCode, other.stderr]).toEqual([2, expect.stringContaining('--new-key')]);
    expect((await verify(directory))['line']).toMatchObject({ records: 2, checkpoints: 1 });
  });

  it('is signed by every command that writes, and verifies by what was remembered and by the key', async () => {
    const { exitCode, stderr } = await pawl(directory, smallRun('best-of-n'));
    expect(exitCode, stderr).toBe(0);
    const remembered = await verify(directory);
    expect(remembered).toMatchObject(sound);
    expect(Number((remembered['line'] as Line)['checkpoints'])).toBeGreaterThanOrEqual(5);
    writeFileSync(join(directory, 'ledger.pub'), `${verifierKey}\n`);
    const elsewhere = await elsewhereVerify(directory, '--verifier-key', 'ledger.pub');
    expect(elsewhere).toMatchObject({ ...sound, missing: 'unknown' });
    const checkpoint = await pawl(directory, ['checkpoint']);
    writeFileSync(join(directory, 'kept.checkpoint'), checkpoint.stdout);
    expect(await elsewhereVerify(directory, '--checkpoint', 'kept.checkpoint')).toMatchObject(sound);
    expect(await elsewhereVerify(directory)).toMatchObject({
      ...sound,
      altered: 'unknown',
      missing: 'unknown',
    });
  });

  it('does not verify under a key that is not its own, and says which it has', async () => {
    const other = await init(elsewhere(directory), '--origin', 'example.com/ledger');
    const judged = await verify(directory, '--verifier-key', other['verifierKey'] ?? '');
    expect(judged).toMatchObject({ exitCode: 120, altered: 'no', missing: 'no' });
    expect(judged['codes']).toEqual(['KEY_NOT_TRUSTED', 'KEY_NOT_TRUSTED']);
  });

  it('agrees with tiles that were published of it', async () => {
    expect((await pawl(directory, ['tiles', 'public'])).exitCode).toBe(0);
    expect(await elsewhereVerify(directory, '--tiles', 'public')).toMatchObject(sound);
    const entries = join(directory, 'public/tile/entries');
    // Every published checkpoint leaves its own partial tile; the newest is the widest.
    const [file] = readdirSync(entries, { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile())
      .sort((left, right) => Number(right.name) - Number(left.name));
    const path = join(file?.parentPath ?? '', file?.name ?? '');
    const bytes = readFileSync(path);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const judged = await elsewhereVerify(directory, '--tiles', 'public');
    expect(judged).toMatchObject({ exitCode: 120, codes: ['TILES_DIFFER'] });
    expect((judged['line'] as Line)['firstBad']).toEqual({ kind: 'record', position: 0 });
  });

  it('does not take a mistyped path of tiles for a finding about the ledger', async () => {
    writeFileSync(join(directory, 'file'), '');
    for (const [path, why] of Object.entries({ nowhere: 'is not there', file: 'is no directory' })) {
      const { exitCode, stdout, stderr } = await pawl(directory, ['verify', '--tiles', path]);
      expect([exitCode, stdout], path).toEqual([1, '']);
      expect(stderr).toContain(`STORAGE_FAILED: ${path} ${why}; name with --tiles the directory`);
    }
  });

  it('is a success with --strict only where every claim is yes', async () => {
    const open = await elsewhereVerify(directory, '--strict');
    expect(open).toMatchObject({ exitCode: 1, altered: 'unknown', missing: 'unknown', codes: [] });
    expect(await elsewhereVerify(directory)).toMatchObject({ exitCode: 0, altered: 'unknown' });
    expect(await verify(directory, '--strict')).toMatchObject(sound);
  });

  it('refuses checkpoints that are none, each with the file named', async () => {
    const files = { empty: '', text: 'hello\n', root: 'example.com/ledger\n5\nAAAA\n', json: '{"size":5}' };
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(directory, name), text);
      const { exitCode, stderr } = await pawl(directory, ['verify', '--checkpoint', name]);
      expect([exitCode, stderr], name).toEqual([120, expect.stringContaining(`CHECKPOINT_INVALID: ${name}`)]);
    }
    const gone = await pawl(directory, ['verify', '--checkpoint', 'gone']);
    expect([gone.exitCode, gone.stderr]).toEqual([1, expect.stringContaining('STORAGE_FAILED: gone')]);
    const foreign = readFileSync(join(directory, 'kept.checkpoint'), 'utf8').replaceAll(
      'example.com',
      'example.org',
    );
    writeFileSync(join(directory, 'foreign'), foreign);
    expect(await verify(directory, '--checkpoint', 'foreign')).toMatchObject({
      exitCode: 120,
      codes: ['OTHER_LEDGER'],
    });
  });

  it('is not written by whoever has no key, an exposed one, or another one', async () => {
    const size = (await verify(directory))['line'];
    const refusals: readonly (readonly [string, () => void, () => void])[] = [
      ['SIGNING_KEY_EXPOSED', () => chmodSync(key, 0o640), () => chmodSync(key, 0o600)],
      [
        'SIGNING_KEY_EXPOSED',
        () => chmodSync(join(key, '..'), 0o777),
        () => chmodSync(join(key, '..'), 0o700),
      ],
      [
        'SIGNING_KEY_NOT_FOUND',
        () => copyFileSync(key, `${key}.away`),
        () => copyFileSync(`${key}.away`, key),
      ],
    ];
    for (const [code, spoil, mend] of refusals) {
      spoil();
      if (code === 'SIGNING_KEY_NOT_FOUND') rmSync(key);
      const { exitCode, stderr } = await pawl(directory, smallRun('unary-retry'));
      mend();
      chmodSync(key, 0o600);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`${code}: `)]);
      if (code === 'SIGNING_KEY_NOT_FOUND') expect(stderr).toContain('`pawl init --new-key` if it is lost');
    }
    const wrong = join(directory, 'wrong.key');
    writeFileSync(wrong, 'PRIVATE+KEY+nonsense', { mode: 0o600 });
    const invalid = await pawl(directory, smallRun('unary-retry'), { PAWL_KEY: wrong });
    expect([invalid.exitCode, invalid.stderr]).toEqual([1, expect.stringContaining('SIGNING_KEY_INVALID')]);
    expect(invalid.stderr).not.toContain('nonsense');
    expect((await verify(directory))['line']).toMatchObject({ records: (size as Line)['records'] });
  });

  it('is written without checkpoints when that is what somebody wants, and says so', async () => {
    const unsigned = await pawl(directory, smallRun('unary-retry'), { PAWL_UNSIGNED: '1' });
    expect(unsigned.exitCode).toBe(0);
    expect(unsigned.stderr).toContain('PAWL_UNSIGNED is set: what this session writes is not covered');
    const judged = await elsewhereVerify(directory, '--verifier-key', verifierKey);
    expect(judged).toMatchObject({ exitCode: 0, altered: 'unknown', codes: [] });
    // The next session with the key covers it.
    await pawl(directory, ['resume']);
    expect(await elsewhereVerify(directory, '--verifier-key', verifierKey)).toMatchObject({ altered: 'yes' });
  });

  it('gets another key, and is then signed with that one', async () => {
    const rotated = await init(directory, '--new-key');
    expect(rotated['verifierKey']).not.toBe(verifierKey);
    expect(existsSync(rotated['key'] ?? '')).toBe(true);
    expect(readFileSync(key, 'utf8')).toContain('PRIVATE+KEY+');
    expect((await pawl(directory, smallRun('unary-retry'))).exitCode).toBe(0);
    expect(await verify(directory)).toMatchObject(sound);
    expect(await verify(directory, '--verifier-key', verifierKey)).toMatchObject({
      codes: ['KEY_NOT_TRUSTED'],
    });
    const both = ['--verifier-key', verifierKey, '--verifier-key', rotated['verifierKey'] ?? ''];
    expect(await verify(directory, ...both)).toMatchObject(sound);
  });

  it('is neither written nor signed when an older copy lies in its place', async () => {
    copyFileSync(join(directory, 'pawl.db'), join(directory, 'older.db'));
    expect((await pawl(directory, smallRun('unary-retry'))).exitCode).toBe(0);
    copyFileSync(join(directory, 'older.db'), join(directory, 'pawl.db'));
    expect(await verify(directory)).toMatchObject({
      exitCode: 120,
      missing: 'no',
      codes: ['CHECKPOINT_AHEAD'],
    });
    for (const args of [smallRun('unary-retry'), ['init'], ['init', '--new-key']]) {
      const { exitCode, stderr } = await pawl(directory, args);
      expect([exitCode, stderr], args.join(' ')).toEqual([120, expect.stringContaining('INTEGRITY: ')]);
    }
  });
});

/** As on a machine that has never seen the ledger. */
async function elsewhereVerify(directory: string, ...args: readonly string[]): Promise<Line> {
  const XDG_STATE_HOME = join(directory, `nothing-known-${Math.floor(performance.now() * 1000)}`);
  const { exitCode, stdout } = await pawl(directory, ['verify', '--json', ...args], { XDG_STATE_HOME });
  const [line, ...rest] = jsonLines(stdout);
  const claim = (name: string): unknown => (line?.[name] as { verdict?: string } | undefined)?.verdict;
  const codes = rest.filter(({ type }) => type === 'problem').map(({ code }) => code);
  return { exitCode, altered: claim('nothingAltered'), missing: claim('nothingMissing'), codes, line };
}

function elsewhere(directory: string): string {
  // Its name tells its keys and memory from those of all others.
  const place = join(directory, `${basename(directory)}-elsewhere`);
  mkdirSync(place);
  return place;
}

describe('a ledger without a key', () => {
  const directory = sharedDirectory();

  it('is remembered by its place, so that an older copy or another ledger there is noticed', async () => {
    const path = join(directory, 'pawl.db');
    expect((await pawl(directory, smallRun('unary-retry'))).exitCode).toBe(0);
    expect(await verify(directory)).toMatchObject(sound);
    copyFileSync(path, join(directory, 'older.db'));
    expect((await pawl(directory, smallRun('unary-retry'))).exitCode).toBe(0);
    copyFileSync(path, join(directory, 'newer.db'));
    copyFileSync(join(directory, 'older.db'), path);
    expect(await verify(directory)).toMatchObject({ exitCode: 120, missing: 'no' });
    const told = await pawl(directory, smallRun('unary-retry'));
    expect([told.exitCode, told.stderr]).toEqual([0, expect.stringContaining('does not continue the one')]);
    expect(await verify(directory)).toMatchObject({ exitCode: 120, altered: 'no' });
    copyFileSync(join(directory, 'newer.db'), path);
    expect(await verify(directory)).toMatchObject(sound);
  });

  it('begins anew when it was deleted, without anybody being alarmed', async () => {
    for (const name of readdirSync(directory).filter((file) => file.startsWith('pawl.db'))) {
      rmSync(join(directory, name));
    }
    expect((await pawl(directory, smallRun('unary-retry'))).exitCode).toBe(0);
    expect(await verify(directory)).toMatchObject(sound);
  });

  it('gets a key later, and all that was before is covered', async () => {
    const { verifierKey } = await init(directory);
    expect(await elsewhereVerify(directory, '--verifier-key', verifierKey ?? '')).toMatchObject({
      altered: 'yes',
    });
    expect(await verify(directory)).toMatchObject(sound);
  });

  it('is told to be damaged where it does not even open', async () => {
    const bytes = readFileSync(join(directory, 'pawl.db'));
    writeFileSync(join(directory, 'cut.db'), bytes.subarray(0, 40 * 4096));
    const judged = await pawl(directory, ['verify', '--ledger', 'cut.db']);
    expect(judged.exitCode).toBe(120);
  });
});

describe('a name that was used before', () => {
  const directory = sharedDirectory();

  it('is not given to another ledger, as long as somebody remembers the first', async () => {
    const first = await init(directory, '--origin', 'example.com/once');
    for (const name of readdirSync(directory).filter((file) => file.startsWith('pawl.db'))) {
      rmSync(join(directory, name));
    }
    const again = await pawl(directory, ['init', '--origin', 'example.com/once']);
    expect([again.exitCode, again.stderr]).toEqual([120, expect.stringContaining('INTEGRITY: ')]);
    expect((await verify(directory))['line']).toMatchObject({ records: 0 });
    const [remembered] = /\/\S+\/pawl\/checkpoints\/\S+(?=\.)/.exec(again.stderr) ?? [];
    rmSync(remembered ?? '');
    // The key that is there is used: nothing that anybody remembers was signed with it.
    const second = await init(directory, '--origin', 'example.com/once');
    expect(second['verifierKey']).toBe(first['verifierKey']);
    expect(await verify(directory)).toMatchObject(sound);
  });
});

describe('processes that are killed, and several at a time', () => {
  const directory = sharedDirectory();

  it('leave a ledger that the next session covers and that verifies', async () => {
    const { verifierKey } = await init(directory, '--every', '5');
    for (let kill = 0; kill < 4; kill += 1) {
      const { child, said, ended } = startPawl(directory, [...smallRun('best-of-n,unary-retry'), '--json']);
      await said(/"type":"episode"/);
      child.kill('SIGKILL');
      await ended;
      const judged = await verify(directory);
      expect(judged, JSON.stringify(judged)).toMatchObject({ exitCode: 0, codes: [] });
      expect(judged['missing']).toBe('yes');
    }
    expect((await pawl(directory, ['resume', '-j', '1'])).exitCode).toBe(0);
    expect(await verify(directory)).toMatchObject(sound);
    expect(await elsewhereVerify(directory, '--verifier-key', verifierKey ?? '')).toMatchObject({
      altered: 'yes',
    });
  });

  it('verify while another writes, and remember what both saw', async () => {
    const writing = startPawl(directory, [...smallRun('sequential-feedback'), '--json']);
    await writing.said(/"type":"episode"/);
    const judged = await Promise.all([verify(directory), verify(directory)]);
    for (const each of judged) expect(each).toMatchObject({ exitCode: 0, codes: [], missing: 'yes' });
    expect((await writing.ended).exitCode).toBe(0);
    expect(await verify(directory)).toMatchObject(sound);
  });
});

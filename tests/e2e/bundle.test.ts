import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { takeLedgerLock } from '../../src/ledger/stores/sqlite/ledger-lock.ts';
import { temporaryDirectory } from '../ledger/temporary-directory.ts';
import { sharedDirectory } from './directory.ts';
import { jsonLines, pawl } from './pawl.ts';
import { smallRun } from './small-run.ts';

const verifierKey = (stdout: string): string => /example\.com\/lab\+\S+/.exec(stdout)?.[0] ?? '';

/** A ledger with a key and a finished run, for all tests here, one after the other. */
const directory = sharedDirectory();
let key = '';

beforeAll(async () => {
  key = verifierKey((await pawl(directory, ['init', '--origin', 'example.com/lab'])).stdout);
  await pawl(directory, smallRun('sequential-feedback'));
});

describe('pawl export bundle and pawl verify --bundle', () => {
  it('carry a run to a place that has nothing but the file and the key', async () => {
    const exported = await pawl(directory, ['export', 'bundle', '--out', 'sent.pawl.html', '--json']);
    expect(exported.exitCode).toBe(0);
    const file = readFileSync(join(directory, 'sent.pawl.html'));
    const [told] = jsonLines(exported.stdout);
    expect(told).toMatchObject({
      ...{ type: 'export', format: 'pawl-bundle/1', path: 'sent.pawl.html', bytes: file.length },
      ...{ episode: null, redacted: 0, erased: 0, later: 0, recorded: true, verifierKey: key },
      file: createHash('sha256').update(file).digest('hex'),
    });

    const elsewhere = temporaryDirectory();
    writeFileSync(join(elsewhere, 'sent.pawl.html'), file);
    const args = ['verify', '--bundle', 'sent.pawl.html', '--verifier-key', key];
    const checked = await pawl(elsewhere, args);
    expect(checked.exitCode).toBe(0);
    const words = checked.stdout.split('\n').slice(1, -1);
    expect(words.map((line) => line.replace(/\. .*/, ''))).toEqual([
      'Nothing altered: yes',
      'Nothing missing: yes',
      'Signed: yes',
      'Re-decided: yes',
      'Readable page: yes',
    ]);
    expect(readdirSync(elsewhere)).toEqual(['sent.pawl.html']);
    const [verdict] = jsonLines((await pawl(elsewhere, [...args, '--json'])).stdout);
    expect(verdict).toMatchObject({ type: 'bundle', outcome: 'ok', signed: { verdict: 'yes' } });

    // The ledger knows what left it, and still verifies.
    const recorded = jsonLines((await pawl(directory, ['verify', '--json'])).stdout)[0];
    expect(recorded).toMatchObject({ ok: true });
  });

  it('say with their exit codes what is wrong', async () => {
    await pawl(directory, ['export', 'bundle', '--redact', '--out', 'redacted.html', '--no-record']);
    const text = readFileSync(join(directory, 'redacted.html'), 'utf8');
    writeFileSync(join(directory, 'edited.html'), text.replace('What is claimed', 'What is proved'));
    const verify = async (...args: string[]) =>
      (await pawl(directory, ['verify', '--bundle', ...args])).exitCode;
    expect(await verify('redacted.html', '--verifier-key', key)).toBe(1);
    expect(await verify('edited.html', '--verifier-key', key)).toBe(120);
    expect(await verify('edited.html', '--ledger', 'pawl.db')).toBe(2);
  });

  it('hold a bundle to the checkpoint that was kept', async () => {
    const { stdout } = await pawl(directory, ['checkpoint']);
    writeFileSync(join(directory, 'kept.checkpoint'), stdout);
    await pawl(directory, ['export', 'bundle', '--out', 'sent-3.html']);
    const args = ['verify', '--bundle', 'sent-3.html', '--checkpoint', 'kept.checkpoint'];
    expect((await pawl(directory, args)).stdout).toMatch(
      /^Nothing altered: yes\. .* in kept\.checkpoint\.$/m,
    );
    // The export was written down, so the next checkpoint is another one.
    await pawl(directory, ['export', 'bundle', '--out', 'later.html']);
    const later = await pawl(directory, [
      'verify',
      '--bundle',
      'later.html',
      '--checkpoint',
      'kept.checkpoint',
    ]);
    expect(later.stdout).toMatch(/^Nothing altered: unknown\. .*takes a consistency proof/m);
    expect(later.exitCode).toBe(1);
  });

  it('replace no file unasked, and leave nothing half written', async () => {
    const again = ['export', 'bundle', '--out', 'sent-4.html', '--no-record'];
    expect((await pawl(directory, again)).exitCode).toBe(0);
    const first = readFileSync(join(directory, 'sent-4.html'));
    const refused = await pawl(directory, [...again, '--json']);
    expect(refused.exitCode).toBe(2);
    expect(jsonLines(refused.stdout)).toMatchObject([{ type: 'error', code: 'OUTPUT_EXISTS' }]);
    writeFileSync(join(directory, 'sent-4.html'), 'something else');
    expect((await pawl(directory, [...again, '--force'])).exitCode).toBe(0);
    expect(readFileSync(join(directory, 'sent-4.html')).equals(first)).toBe(true);
    expect(readdirSync(directory).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('leave the ledger as it is where they are told to', async () => {
    const before = readFileSync(join(directory, 'pawl.db'));
    chmodSync(join(directory, 'pawl.db'), 0o444);
    const args = ['export', 'bundle', '--no-record', '--out', 'sent-5.html'];
    expect((await pawl(directory, args)).exitCode).toBe(0);
    chmodSync(join(directory, 'pawl.db'), 0o644);
    expect(readFileSync(join(directory, 'pawl.db')).equals(before)).toBe(true);
  });

  it('say how to go on where somebody needs the ledger alone', async () => {
    const alone = takeLedgerLock(join(directory, 'pawl.db'), 'sqlite:pawl.db', 'alone');
    const args = ['export', 'bundle', '--out', 'sent-6.html'];
    const [refused, allowed] = [await pawl(directory, args), await pawl(directory, [...args, '--no-record'])];
    alone.release();
    expect([refused.exitCode, refused.stderr]).toEqual([
      1,
      expect.stringMatching(
        /^LEDGER_BUSY: .*With --no-record the export is made without writing to the ledger\.$/m,
      ),
    ]);
    expect(allowed.exitCode, allowed.stderr).toBe(0);
  });

  it('take one episode by its number or its task', async () => {
    const ways = ['1', 'starter/anagram-groups/06'];
    const files: Buffer[] = [];
    for (const [index, episode] of ways.entries()) {
      const out = `${index}.html`;
      const { exitCode } = await pawl(directory, [
        'export',
        'bundle',
        '--episode',
        episode,
        '--out',
        out,
        '--no-record',
      ]);
      expect(exitCode).toBe(0);
      files.push(readFileSync(join(directory, out)));
    }
    expect(files[1]?.equals(files[0] as Buffer)).toBe(true);
    const checked = await pawl(directory, ['verify', '--bundle', '0.html', '--verifier-key', key]);
    expect(checked.stdout).toMatch(/^Nothing missing: yes\. The episode is here/m);
    expect((await pawl(directory, ['export', 'bundle', '--episode', '99'])).exitCode).toBe(1);
    expect((await pawl(directory, ['export', 'bundle', '--redact', 'secrets'])).exitCode).toBe(2);
  });

  it('sign first what an earlier session did not', async () => {
    const unsigned = { PAWL_UNSIGNED: '1' };
    await pawl(directory, [...smallRun('unary-retry')], unsigned);
    const early = await pawl(directory, ['export', 'bundle', '--no-record', '--out', 'early.html']);
    // The newest checkpoint knows nothing of that run.
    expect(early.exitCode).toBe(1);
    expect(early.stderr).toMatch(/RUN_NOT_FOUND: run-\S+ is not among the first \d+ records/);
    const { exitCode, stdout } = await pawl(directory, [
      'export',
      'bundle',
      '--out',
      'sent-7.html',
      '--json',
    ]);
    expect(exitCode).toBe(0);
    expect(jsonLines(stdout)).toMatchObject([{ later: 0, verifierKey: key }]);
    const checked = await pawl(directory, ['verify', '--bundle', 'sent-7.html', '--verifier-key', key]);
    expect(checked.exitCode).toBe(0);
  });
});

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { steppingClock } from '../../src/kernel/clock.ts';
import { seededIdSource } from '../../src/kernel/id-source.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { repositoryRoot } from '../support/repository-root.ts';

/** Root may write anywhere, so root looks at the ledger as somebody who may not. */
const nobody = 65_534;
const identity = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
const main = join(repositoryRoot, 'src/cli/main.ts');
/** The checkout may lie where only its owner can look. */
const mayLook = spawnSync('cat', [main], { ...identity, cwd: '/' }).status === 0;
const directory = mkdtempSync(join(tmpdir(), 'pawl-read-only-'));
const path = join(directory, 'ledger.db');
afterAll(() => {
  chmodSync(directory, 0o755);
  rmSync(directory, { recursive: true });
});

function pawl(...words: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const environment = { PATH: process.env['PATH'], HOME: directory };
  return spawnSync(process.execPath, [main, ...words, '--ledger', path], {
    ...identity,
    cwd: '/',
    encoding: 'utf8',
    env: environment,
  });
}

test.runIf(mayLook)(
  'a ledger in a directory that may only be read is read and verified; writing says what is wrong',
  async () => {
    const clock = steppingClock(0, 1);
    const options = {
      mode: 'write',
      create: true,
      clock,
      ids: seededIdSource(clock, seededRandom('r')),
    } as const;
    await (await openLedger(path, options)).close();
    rmSync(`${path}-lock`);
    chmodSync(path, 0o444);
    chmodSync(directory, 0o555);
    expect(pawl('verify')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Verified 0 events in 0 streams and 0 blobs: all of it fits together.'),
    });
    const refused = pawl('run', '--limit', '1');
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('STORAGE_FAILED');
    expect(refused.stderr).toContain('Is the directory read-only?');
    expect(readdirSync(directory)).toEqual(['ledger.db']);
  },
);

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StreamName } from '../../../src/kernel/brand.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { ulidSource } from '../../../src/kernel/id-source.ts';
import { newBlob } from '../../../src/ledger/ledger.ts';
import { openLedger } from '../../../src/ledger/open-ledger.ts';
import { queueStream } from '../../../src/loop/work/work-streams.ts';
import { temporaryDirectory } from '../../ledger/temporary-directory.ts';
import { jsonLines, pawl } from '../pawl.ts';
import { queueRun } from './worker-processes.ts';

const nobodysRun = 'run-01M7ZGDEA1VHPAVYAB7XNP0AAA' as StreamName;

/** Anybody who may write to the ledger may write into the queue. */
async function forgeQueued(directory: string, run: StreamName, names: readonly string[]): Promise<void> {
  const ids = ulidSource(systemClock, () => 0.5);
  const address = `sqlite:${join(directory, 'pawl.db')}`;
  const ledger = await openLedger(address, { mode: 'write', create: false, clock: systemClock, ids });
  const { blob, ref } = newBlob(Buffer.from('forged'));
  const files = names.map((name) => ({ name, content: ref }));
  const terms = { needs: [], leaseMs: 2000, attemptsMax: 5 };
  const writer = { actor: 'mallory', correlation: ids.next() };
  const draft = ledger.draft({ type: 'RunQueued', data: { run, ...terms, files } }, writer, null);
  await ledger.append(queueStream, await ledger.lastRevision(queueStream), [draft], [blob]);
  await ledger.close();
}

describe('a queue that somebody else wrote into', { timeout: 120_000 }, () => {
  it('names a run that is none: the others are listed and finished, and it can be taken out', async () => {
    const directory = temporaryDirectory();
    const run = await queueRun(directory, ['--limit', '2', '--candidates', '2']);
    await forgeQueued(directory, nobodysRun, []);
    const listed = await pawl(directory, ['queue']);
    expect([listed.exitCode, listed.stdout]).toEqual([0, expect.stringContaining(run.slice(-6))]);
    expect(listed.stdout).toContain(
      'NP0AAA is queued, and is no run of this ledger: npx pawl queue remove NP0AAA',
    );
    const worked = await pawl(directory, ['worker', '--until-idle', '-j', '1']);
    expect([worked.exitCode, worked.stdout]).toEqual([0, expect.stringMatching(/Finished 2 episodes/)]);
    expect((await pawl(directory, ['queue', 'remove', 'NP0AAA'])).exitCode).toBe(0);
    expect(jsonLines((await pawl(directory, ['queue', '--json'])).stdout)).toEqual([]);
  });

  it('names files as no file can be called, or elsewhere: workers finish, and write nothing but their own', async () => {
    const directory = temporaryDirectory();
    const run = await queueRun(directory, ['--limit', '1', '--candidates', '2']);
    const outside = join(directory, 'outside');
    const names = ['..', '.', '/', 'a\0b', 'n'.repeat(300), '../../outside', outside];
    await forgeQueued(directory, run, names);
    const temporary = temporaryDirectory();
    const worked = await pawl(directory, ['worker', '--until-idle', '-j', '1'], { TMPDIR: temporary });
    expect([worked.exitCode, worked.stdout], worked.stderr).toEqual([
      0,
      expect.stringMatching(/Finished 1 episode/),
    ]);
    expect(existsSync(outside)).toBe(false);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

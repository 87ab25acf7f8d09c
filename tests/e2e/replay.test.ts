import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StreamName } from '../../src/kernel/brand.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { toyLedger } from '../support/toy-run.ts';
import { sharedDirectory } from './directory.ts';
import { jsonLines, pawl } from './pawl.ts';
import { smallRun } from './small-run.ts';

const directory = sharedDirectory();
beforeAll(async () => {
  const { exitCode, stderr } = await pawl(directory, smallRun('sequential-feedback'));
  expect(exitCode, stderr).toBe(0);
});

const last = (stdout: string) => jsonLines(stdout).at(-1);

describe('pawl replay', () => {
  it('of the whole ledger, recorded: the verdict stands in the ledger, and the next replay looks at that too', async () => {
    const first = await pawl(directory, ['replay', '--all', '--record', '--json']);
    expect(first.exitCode, first.stderr).toBe(0);
    const told = last(first.stdout);
    const second = await pawl(directory, ['replay', '--all', '--json']);
    expect(last(second.stdout)).toMatchObject({ verdict: 'pass', streams: Number(told?.['streams']) + 1 });
    const store = await openSqliteStore({ path: join(directory, 'pawl.db'), mode: 'read' });
    const replays = await Array.fromAsync(
      toyLedger(store, 'reader').readStream('audit-replays' as StreamName),
    );
    await store.close();
    expect(replays.map(({ type, data }) => ({ type, data }))).toEqual([
      {
        type: 'ReplayFinished',
        data: {
          ...{ mode: 'replay', scope: 'all', verdict: 'pass', pawl: '0.2.0' },
          ...{ streams: told?.['streams'], compared: told?.['compared'], size: told?.['events'] },
          ...{ diverged: 0, inconclusive: 0 },
        },
      },
    ]);
  });

  it('of a window of time says what it left out, and never that nothing passes', async () => {
    const recent = await pawl(directory, ['replay', '--all', '--since', '1h']);
    expect(recent.exitCode, recent.stderr).toBe(0);
    expect(recent.stdout).toMatch(/^Replayed 3 episodes: all \d+ decisions come out as recorded\.\n$/);
    const before = await pawl(directory, ['replay', '--until', '2020-01-01', '--json']);
    expect(before.exitCode).toBe(1);
    expect(last(before.stdout)).toMatchObject({
      ...{ verdict: 'inconclusive', streams: 0, leftOut: 5 },
      scope: expect.stringMatching(/^run-[0-9A-Z]+ until 2020-01-01T00:00:00\.000Z$/),
    });
  });

  it.each([
    [['--all', 'latest'], /--all replays the whole ledger; leave out "latest"/],
    [['--since', '1h', '--until', '2020-01-01'], /--since is later than --until/],
    [['--since', 'lately'], /It must be a time such as/],
    [['-j', '0'], /It must be a whole number from 1 on/],
  ])('%j is a usage error', async (args, what) => {
    const { exitCode, stderr, stdout } = await pawl(directory, ['replay', ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(what);
  });
});

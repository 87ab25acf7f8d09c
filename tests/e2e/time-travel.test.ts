import { beforeAll, describe, expect, it } from 'vitest';
import type { StreamName } from '../../src/kernel/brand.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { sharedDirectory } from './directory.ts';
import { jsonLines, pawl } from './pawl.ts';
import { smallRun } from './small-run.ts';

const directory = sharedDirectory();
/** Ids of the two runs. */
let first = '';
let second = '';

type Line = Readonly<Record<string, unknown>>;

const candidatesOf = (told: Line | undefined): number =>
  (told?.['candidates'] as readonly unknown[] | undefined)?.length ?? -1;

async function json(...args: readonly string[]): Promise<readonly Line[]> {
  const { exitCode, stdout, stderr } = await pawl(directory, [...args, '--json']);
  expect(exitCode, stderr).toBe(0);
  return jsonLines(stdout);
}

beforeAll(async () => {
  for (const strategy of ['best-of-n', 'sequential-feedback']) {
    expect((await pawl(directory, smallRun(strategy))).exitCode).toBe(0);
  }
  [first, second] = (await json('runs')).map(({ run }) => String(run)) as [string, string];
});

describe('looking back', () => {
  it('runs --at: from nothing to all there is, and never backwards', async () => {
    expect(await pawl(directory, ['runs', '--at', '0'])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'There were no runs yet at position 0.\n',
    });
    const { stderr } = await pawl(directory, ['runs', '--at', '999999']);
    const last = Number(/positions 0 to (\d+)\./.exec(stderr)?.[1]);
    expect(stderr).toContain('LEDGER_POSITION');
    expect(await json('runs', '--at', String(last))).toEqual(await json('runs'));
    let seen: readonly unknown[] = [0, 0];
    for (let step = 1; step <= 3; step += 1) {
      const runs = await json('runs', '--at', String(Math.floor((last * step) / 3)));
      const now = [runs.length, runs.reduce((sum, { finished }) => sum + Number(finished), 0)];
      expect(now.every((count, at) => count >= Number(seen[at]))).toBe(true);
      seen = now;
    }
    expect(seen).toEqual([2, 6]);
  });

  it('an episode at every one of its events tells no more than was known then', async () => {
    const [whole] = await json('show', `${first}.1`);
    const all = candidatesOf(whole);
    const positions = await positionsOf(`${first}.1`);
    const counts: number[] = [];
    for (const at of [positions.at(0), positions.at(5), positions.at(-4), positions.at(-1)].map(String)) {
      const [told] = await json('show', `${first}.1`, '--at', at);
      counts.push(candidatesOf(told));
      const text = (await pawl(directory, ['show', `${first}.1`, '--at', at])).stdout;
      expect(text.includes('hidden tests:')).toBe(at === String(positions.at(-1)));
    }
    expect(counts.at(-1)).toBe(all);
    expect(counts).toEqual(counts.toSorted((left, right) => left - right));
    expect(counts[0]).toBeLessThan(all);
    const early = await pawl(directory, ['show', `${first}.1`, '--at', String(positions[0])]);
    expect(early.stdout).not.toContain('# Task');
    expect(early.stdout).toContain('not finished yet');
  });

  it('a run as it stood has the episodes that were scheduled, with what they had come to', async () => {
    const positions = await positionsOf(`${first}.1`);
    const [run, ...episodes] = await json('show', first, '--at', String(positions[1]));
    expect(run).toMatchObject({ type: 'run', run: first, status: 'running' });
    expect(episodes.map(({ status }) => status).slice(1)).toEqual(['running', 'scheduled']);
    const [now] = await json('show', first);
    expect(run?.['outcome']).not.toBe(now?.['outcome']);
    const last = (await positionsOf(`${second}.2`)).at(-1);
    expect((await json('show', first, '--at', String(last)))[0]).toEqual(now);
  });

  it('what did not exist yet is said to exist since when', async () => {
    const [start] = await positionsOf(`${first}.0`);
    const refused = await pawl(directory, ['show', second, '--at', String(start)]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(
      new RegExp(
        `RUN_NOT_FOUND: The run ${second} did not exist yet at position ${start}; it exists since position \\d+ \\(.*Z\\)\\.`,
      ),
    );
    expect((await json('show', 'latest', '--at', String(start)))[0]).toMatchObject({ run: first });
    const never = await pawl(directory, ['show', 'ZZZZZZ', '--at', String(start)]);
    expect([never.exitCode, never.stderr]).toEqual([1, expect.stringContaining('No run is called "ZZZZZZ"')]);
    const early = await pawl(directory, ['show', `${first}.2`, '--at', String(start)]);
    expect([early.exitCode, early.stderr]).toEqual([
      1,
      expect.stringContaining('had not started yet at position'),
    ]);
  });

  it('takes a time as well: the last record before it', async () => {
    expect(await json('runs', '--at', '2999-01-01T00:00:00Z')).toEqual(await json('runs'));
    const before = await pawl(directory, ['runs', '--at', '2001-01-01']);
    expect([before.exitCode, before.stderr]).toEqual([
      2,
      expect.stringContaining('no record from before 2001-01-01'),
    ]);
    const odd = await pawl(directory, ['runs', '--at', 'yesterday']);
    expect([odd.exitCode, odd.stderr]).toEqual([2, expect.stringContaining('not "yesterday"')]);
  });
});

/** Positions of an episode's events. */
async function positionsOf(episode: string): Promise<readonly number[]> {
  const [told] = await json('show', episode);
  const store = await openSqliteStore({ path: `${directory}/pawl.db`, mode: 'read' });
  try {
    const records = await Array.fromAsync(store.readStream(told?.['episode'] as StreamName));
    return records.map(({ position }) => position);
  } finally {
    await store.close();
  }
}

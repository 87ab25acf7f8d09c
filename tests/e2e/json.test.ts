import { beforeAll, describe, expect, it } from 'vitest';
import { sharedDirectory } from './directory.ts';
import { jsonLines, pawl } from './pawl.ts';
import { smallRun } from './small-run.ts';

const directory = sharedDirectory();
beforeAll(async () => {
  const { exitCode, stderr } = await pawl(directory, smallRun('best-of-n', 'sequential-feedback'));
  expect(exitCode, stderr).toBe(0);
});

/** How many records of each type, in the order of their first. */
function types(stdout: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { type } of jsonLines(stdout)) counts[String(type)] = (counts[String(type)] ?? 0) + 1;
  return counts;
}

describe('with --json, stdout is JSON lines and nothing else', () => {
  const reading: readonly (readonly [args: string, counts: Readonly<Record<string, number>>])[] = [
    ['runs', { run: 2 }],
    ['show', { run: 1, episode: 3 }],
    ['show latest.1', { episode: 1 }],
    ['compare latest latest', { pair: 3, comparison: 1 }],
    ['replay', { suite: 1, run: 1, episode: 3, replay: 1 }],
    ['replay --all', { suite: 1, run: 2, episode: 6, replay: 1 }],
    ['replay latest.1', { episode: 1, replay: 1 }],
    ['rerun -j 1', { episode: 3, rerun: 1 }],
    ['verify', { verify: 1 }],
    ['resume', {}],
  ];
  it.concurrent.each(reading)('pawl %s', async (args, counts) => {
    const { exitCode, stdout } = await pawl(directory, [...args.split(' '), '--json']);
    expect(exitCode).toBe(0);
    expect(types(stdout)).toEqual(counts);
  });

  it('pawl start: what the loop came to, then what verify and replay say', async () => {
    const args = ['start', '--proposals', '1', '--candidates', '1', '-j', '1', '--ledger', 'start.db'];
    const { exitCode, stdout, stderr } = await pawl(directory, [...args, '--json']);
    expect(exitCode, stderr).toBe(0);
    expect(types(stdout)).toEqual({
      ...{ standing: 1, proposal: 1, improvement: 1 },
      ...{ verify: 1, decisions: 1, replay: 1 },
    });
    expect(jsonLines(stdout).find(({ type }) => type === 'decisions')).toMatchObject({
      ...{ lines: 1, proposals: 1, decisions: 1, undecided: 0, problems: 0 },
    });
    // 120 tasks to search on and 62 to screen on, these on both sides.
    expect(jsonLines(stdout).at(-1)).toMatchObject({ episodes: 244, diverged: 0, inconclusive: 0 });
  });
});

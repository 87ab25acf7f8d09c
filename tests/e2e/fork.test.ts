import { beforeAll, describe, expect, it } from 'vitest';
import { sharedDirectory } from './directory.ts';
import { jsonLines, pawl, startPawl } from './pawl.ts';
import { smallRun, smallTasks } from './small-run.ts';

const directory = sharedDirectory();
/** Short id of the run that everything branches off. */
let parent = '';

const end = (run: unknown): string => String(run).slice(-6);

async function json(...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await pawl(directory, [...args, '--json']);
  expect(exitCode, stderr).toBe(0);
  return jsonLines(stdout);
}

/** Branches, and gives what the command says last. */
async function fork(...args: readonly string[]) {
  return (await json('fork', ...args, '-j', '1')).at(-1) ?? {};
}

beforeAll(async () => {
  const { exitCode, stderr } = await pawl(directory, smallRun('sequential-feedback'));
  expect(exitCode, stderr).toBe(0);
  parent = end((await json('runs'))[0]?.['run']);
});

describe('a branch of an episode', () => {
  it('with nothing changed is answered by the record, wherever it begins, and replays', async () => {
    const events = await json('show', `${parent}.1`, '--events');
    const last = events.findIndex(({ event }) => (event as { type: string }).type === 'FinalPicked');
    for (const at of [0, last]) {
      const told = await fork(`${parent}.1`, '--at', String(at));
      expect(told).toMatchObject({
        ...{ type: 'fork', copied: at, performed: { generations: 0, executions: 0 } },
        outcome: { parent: { verdict: 'solved', candidates: 6, executions: 7, steps: 219 } },
      });
      const { parent: theirs, branch } = told['outcome'] as Record<string, unknown>;
      expect(branch).toEqual(theirs);
      expect(await json('diff', end(told['run']))).toEqual([
        expect.objectContaining({ type: 'diff', common: events.length - 1, setup: [], identical: true }),
        { type: 'outcome', left: expect.anything(), right: expect.anything() },
      ]);
    }
    const replayed = await pawl(directory, ['replay', 'latest']);
    expect(replayed.exitCode, replayed.stdout).toBe(0);
  });

  it('with more candidates goes on where its parent ended', async () => {
    const told = await fork(`${parent}.2`, '--candidates', '10');
    expect(told).toMatchObject({
      reused: { generations: 0 },
      performed: { generations: 2, executions: 2 },
      outcome: { parent: { verdict: 'unsolved', candidates: 8 }, branch: { candidates: 10 } },
    });
    const replayed = await pawl(directory, ['replay', 'latest']);
    expect(replayed.exitCode, replayed.stdout).toBe(0);
  });

  it('with fewer candidates needs neither generator nor sandbox', async () => {
    expect(await fork(`${parent}.2`, '--candidates', '3')).toMatchObject({
      performed: { generations: 0, executions: 0 },
      outcome: { branch: { candidates: 3, executions: 4 } },
    });
  });

  it('with other draws says so in its seed, and runs no program twice', async () => {
    const told = await fork(`${parent}.1`, '--at', '0', '--resample');
    const [run] = (await json('runs')).slice(-1);
    expect(run).toMatchObject({ run: told['run'], seed: `7~${end(told['run'])}`, status: 'finished' });
    expect(told['reused']).toMatchObject({ generations: 0 });
  });

  it('is told by diff event by event, within 100 columns, and by show and runs as a branch', async () => {
    const told = await fork(`${parent}.1`, '--at', '10', '--strategy', 'best-of-n');
    const branch = end(told['run']);
    const [diff, show, runs] = await Promise.all([
      pawl(directory, ['diff', branch]),
      pawl(directory, ['show', `${branch}.0`]),
      pawl(directory, ['runs']),
    ]);
    expect(diff.exitCode, diff.stderr).toBe(0);
    const lines = diff.stdout.split('\n');
    expect(lines.filter((line) => [...line].length > 100)).toEqual([]);
    expect(lines.slice(0, 8)).toEqual([
      `task       ${smallTasks[1]}`,
      expect.stringMatching(/^left {7}episode-.*\.1$/),
      expect.stringMatching(
        new RegExp(`^right {6}episode-.*\\.0, branched from ${parent}\\.1 at revision 10$`),
      ),
      'setup      strategy.name  "sequential-feedback" → "best-of-n"',
      '           strategy.params.stop  none → "public_pass"',
      '           strategy.params.width  none → 1',
      'the same   revisions 1 to 10',
      '',
    ]);
    expect(lines).toContain('<   11  feedback on 76684768378c (full)');
    expect(lines).toContain(
      '≠   12  asks for sample 1 (3.0.0), shown 2 turns      11  asks for sample 1 (3.0.0), shown nothing',
    );
    expect(show.stdout).toContain(`branched   from ${parent}.1 at revision 10\ncopied     10 events\n`);
    expect(runs.stdout.split('\n').at(-2)).toMatch(new RegExp(`^${branch} .* ${parent}\\.1 at 10$`));
  });
});

describe('a branch of a run', () => {
  it('with nothing changed has only identical episodes', async () => {
    const told = await fork(parent);
    expect(told).toMatchObject({
      ...{ copied: 0, otherVerdict: 0, performed: { generations: 0, executions: 0 } },
      reused: { generations: 15, executions: 21, sameInput: 0 },
    });
    expect((await json('diff', end(told['run']))).at(-1)).toMatchObject({
      ...{ type: 'diff', setup: [], flipped: 0, otherWay: 0, identical: 3, onlyLeft: [], onlyRight: [] },
    });
  });

  it('with fewer candidates flips the verdicts that more were needed for', async () => {
    const told = await fork(parent, '--candidates', '3');
    expect(told).toMatchObject({ otherVerdict: 1, performed: { generations: 0 } });
    const pairs = await json('diff', parent, end(told['run']));
    expect(pairs.at(-1)).toMatchObject({ flipped: 1, otherWay: 1, identical: 1 });
    expect(pairs.find(({ task }) => task === smallTasks[1])).toMatchObject({
      ...{ identical: false, left: { verdict: 'solved' }, right: { verdict: 'unsolved' } },
    });
  });
});

it('a branch whose process was killed goes on with resume, and replays', async () => {
  const killed = startPawl(directory, ['fork', parent, '--strategy', 'unary-retry', '-j', '1']);
  await killed.said(/ 1\/3 tasks/);
  killed.child.kill('SIGKILL');
  expect((await killed.ended).exitCode).toBe(null);
  const resumed = await pawl(directory, ['resume', '-j', '1']);
  expect(resumed.exitCode, resumed.stderr).toBe(0);
  const [run] = (await json('runs')).slice(-1);
  expect(run).toMatchObject({ status: 'finished', finished: 3, forkedFrom: { revision: -1 } });
  // The same as where nobody was killed.
  const told = await fork(parent, '--strategy', 'unary-retry');
  expect((await json('diff', end(run?.['run']), end(told['run']))).at(-1)).toMatchObject({
    identical: 3,
    setup: [],
  });
  const replayed = await pawl(directory, ['replay', end(run?.['run'])]);
  expect(replayed.exitCode, replayed.stdout).toBe(0);
});

describe('what cannot be branched or compared', () => {
  const refused: readonly (readonly [args: string, code: string, says: string])[] = [
    ['fork PARENT.1 --at 999', 'FORK_INVALID', 'it has revisions 0 to 45.'],
    ['fork PARENT.1 --at 45', 'FORK_INVALID', 'its answer was handed in at revision 42'],
    ['fork PARENT.1 --at 40 --candidates 2', 'FORK_INVALID', '6 candidates had been asked for'],
    ['fork PARENT.1 --at x', 'USAGE', 'a whole number from 0 on'],
    ['fork PARENT --at 3', 'USAGE', '--at is for an episode'],
    ['fork PARENT.1 --strategy bogus', 'STRATEGY_NOT_FOUND', 'Choose one of'],
    ['fork PARENT.1 --set unknown=1', 'STRATEGY_PARAMS', 'sequential-feedback'],
    ['fork PARENT.1 --set best-of-n.width=2', 'USAGE', 'not the strategy of the branch'],
    ['fork PARENT.1 --generator bogus', 'GENERATOR_NOT_FOUND', 'Known: '],
    ['fork bogus.1', 'RUN_NOT_FOUND', '`pawl runs` lists them'],
    ['diff PARENT', 'USAGE', 'is no branch'],
    ['diff PARENT PARENT.1', 'USAGE', 'two episodes or two runs'],
    ['diff PARENT.0 PARENT.1', 'RUN_NOT_COMPARABLE', 'only episodes of one task'],
  ];

  it.each(refused)('pawl %s: %s', async (args, code, says) => {
    const ended = await pawl(directory, [...args.replaceAll('PARENT', parent).split(' '), '--json']);
    expect(ended.exitCode).not.toBe(0);
    expect(jsonLines(ended.stdout)).toEqual([expect.objectContaining({ type: 'error', code })]);
    expect(ended.stderr).toContain(says);
  });

  it('leaves no run behind', async () => {
    expect((await json('runs')).filter(({ status }) => status !== 'finished')).toEqual([]);
  });
});

import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PawlEvent } from '../../src/events/catalogue.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { newBlob } from '../../src/ledger/ledger.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { copyLedger } from '../support/copy-ledger.ts';
import { eventsOf, toyLedger } from '../support/toy-run.ts';
import { sharedDirectory } from './directory.ts';
import { jsonLines, pawl, startPawl } from './pawl.ts';
import { smallRun, smallTasks } from './small-run.ts';

const directory = sharedDirectory();
let run = '';
beforeAll(async () => {
  const { exitCode, stderr } = await pawl(directory, smallRun('best-of-n', 'sequential-feedback'));
  expect(exitCode, stderr).toBe(0);
  const runs = jsonLines((await pawl(directory, ['runs', '--json'])).stdout);
  run = String(runs.at(-1)?.['run']).slice(-6);
});

/** A copy of the ledger in which one episode of the last run is changed, with digests in order. */
async function forge(
  name: string,
  index: number,
  change: (events: readonly PawlEvent[], put: (text: string) => object) => readonly PawlEvent[],
): Promise<void> {
  const source = await openSqliteStore({ path: join(directory, 'pawl.db'), mode: 'read' });
  const target = await openSqliteStore({ path: join(directory, name), mode: 'write', create: true });
  const streams = await Array.fromAsync(source.streams('episode-'));
  const stream = streams.find((known) => known.endsWith(`${run}.${index}`)) as StreamName;
  const texts: string[] = [];
  const put = (text: string) => {
    texts.push(text);
    return newBlob(text).ref;
  };
  const copy = await copyLedger(source, { stream, events: (events) => change(events, put) }, target);
  await copy.putBlobs(texts.map((text) => newBlob(text).blob));
  await source.close();
  await copy.close();
}

describe('pawl rerun', () => {
  it('executes the last run again and finds what was recorded', async () => {
    const { exitCode, stdout, stderr } = await pawl(directory, ['rerun', '-j', '1']);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toBe('Rerun of 3 episodes: all 21 executions come out as recorded.\n');
    expect(stderr).toMatch(
      /^\d+ executed, \d+ equal to one of these; real time \d+\.\d s as recorded, \d+\.\d s here\n$/,
    );
  });

  it('takes an episode, the whole ledger, a part of it, or a window of time', async () => {
    const last = async (...args: string[]) => {
      const { stdout } = await pawl(directory, ['rerun', ...args, '-j', '1', '--json']);
      const { episodes, compared, verdict } = jsonLines(stdout).at(-1) ?? {};
      return [episodes, compared, verdict];
    };
    expect(
      await Promise.all([
        last(`${run}.0`),
        last(`latest:${smallTasks[1]}`),
        last('--all'),
        last('--all', '--limit', '4'),
        last('--since', '2020-01-01', '--until', '2020-01-02'),
      ]),
    ).toEqual([
      [1, 3, 'pass'],
      [1, 8, 'pass'],
      [6, 44, 'pass'],
      [4, 26, 'pass'],
      [3, 0, 'inconclusive'],
    ]);
  });

  it('says line by line what it compared', async () => {
    const { stdout } = await pawl(directory, ['rerun', '-j', '1', '--json']);
    const lines = jsonLines(stdout);
    expect(lines.map(({ type, verdict, executions }) => [type, verdict, executions])).toEqual([
      ...[
        ['episode', 'pass', 3],
        ['episode', 'pass', 8],
        ['episode', 'pass', 10],
      ],
      ['rerun', 'pass', undefined],
    ]);
    expect(lines.at(-1)).toMatchObject({
      stopped: false,
      pass: 21,
      diverged: 0,
      inconclusive: 0,
      outcomeOnly: 0,
    });
  });

  it('asks the generator again, which strays nowhere', async () => {
    const { exitCode, stdout } = await pawl(directory, ['rerun', '-j', '1', '--regenerate']);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').slice(1)).toEqual([
      `run ${run}: repair version 1 (the recorded one) asked 15 times again:`,
      '  15 identical, 0 but for white space, 0 others, 0 failures as recorded, 0 without an answer to compare',
      '  similarity 1.000 in the mean, the same verdict for 15 of 15 that were executed',
      '',
    ]);
  });

  it('refuses what cannot be meant', async () => {
    const [both, time] = await Promise.all([
      pawl(directory, ['rerun', run, '--all']),
      pawl(directory, ['rerun', '--since', 'yesterday']),
    ]);
    expect([both.exitCode, time.exitCode]).toEqual([2, 2]);
    expect(time.stderr).toContain('It must be a date or a time, such as 2026-11-21');
  });
});

describe('a ledger that was forged', () => {
  it('is inconclusive where an episode that the run counts is not there, and names it', async () => {
    await forge('lost.db', 1, () => []);
    const forms = [[run], [`${run}.1`], ['--all']];
    for (const form of forms) {
      const { exitCode, stdout } = await pawl(directory, [
        'rerun',
        ...form,
        '-j',
        '1',
        '--ledger',
        'lost.db',
      ]);
      expect([exitCode, stdout]).toEqual([
        1,
        expect.stringContaining(
          `${run}.1 (${smallTasks[1]}): inconclusive\n  the run scheduled it, and no record of it is in the ledger\n`,
        ),
      ]);
    }
  });

  it('diverges where a result is another one, which is shown, and exits with 110', async () => {
    let forgedText = '';
    const source = await openSqliteStore({ path: join(directory, 'pawl.db'), mode: 'read' });
    const streams = await Array.fromAsync(source.streams('episode-'));
    const stream = streams.find((known) => known.endsWith(`${run}.1`)) as StreamName;
    const ledger = toyLedger(source, 'reader');
    const finished = (await eventsOf(ledger, stream)).find(({ type }) => type === 'ExecutionFinished');
    if (finished?.type !== 'ExecutionFinished') throw new Error('an execution');
    const text = await ledger.getText(finished.data.result.digest);
    forgedText = text.replace('"status":"failed"', '"status":"passed"');
    expect(forgedText).not.toBe(text);
    await source.close();
    await forge('forged.db', 1, (events, put) => {
      let done = false;
      return events.map((event) => {
        if (done || event.type !== 'ExecutionFinished') return event;
        done = true;
        const data = { ...event.data, passed: event.data.passed + 1, result: put(forgedText) };
        return { ...event, data } as PawlEvent;
      });
    });
    const where = ['--ledger', 'forged.db', '-j', '1'];
    const [told, recorded, other] = await Promise.all([
      pawl(directory, ['rerun', ...where]),
      pawl(directory, ['rerun', ...where, '--json']),
      pawl(directory, ['rerun', `${run}.0`, ...where]),
    ]);
    expect(told.exitCode).toBe(110);
    const revision = finished.revision;
    expect(told.stdout).toMatch(
      new RegExp(
        `^${RegExp.escape(stream)} \\(${RegExp.escape(smallTasks[1] as string)}\\): diverged\\n {2}revision ${revision}, public tests of \\w{12} \\(0\\.0\\.0\\): diverged\\n {4}the event, passed: recorded \\d, here \\d\\n {4}test \\S+, status: recorded "passed", here "failed"\\n`,
      ),
    );
    expect(told.stdout).toMatch(
      /\nRerun of 3 episodes, 21 executions: 20 as recorded, 1 diverged, 0 inconclusive\.\n$/,
    );
    expect(recorded.exitCode).toBe(110);
    expect(jsonLines(recorded.stdout).at(-1)).toMatchObject({ verdict: 'diverged', diverged: 1, pass: 20 });
    expect(other.exitCode).toBe(0);
  });

  it('proves nothing when it names another interpreter', async () => {
    const source = await openSqliteStore({ path: join(directory, 'pawl.db'), mode: 'read' });
    const target = await openSqliteStore({ path: join(directory, 'other.db'), mode: 'write', create: true });
    const stream = (await Array.fromAsync(source.streams('run-'))).at(-1) as StreamName;
    const other = (event: PawlEvent): PawlEvent =>
      event.type === 'RunStarted' ? { ...event, data: { ...event.data, sandbox: [] } } : event;
    const copy = await copyLedger(source, { stream, events: (events) => events.map(other) }, target);
    await source.close();
    await copy.close();
    const { exitCode, stdout } = await pawl(directory, ['rerun', '--ledger', 'other.db', '-j', '1']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      'ENVIRONMENT_DIFFERS: the run does not say which interpreter executed javascript',
    );
    expect(stdout).toMatch(
      /\nRerun of 3 episodes, 21 executions: 0 as recorded, 0 diverged, 21 inconclusive\.\n$/,
    );
  });
});

describe('with --record', () => {
  it('what came of it stands in the ledger, each time', async () => {
    await forge('recorded.db', 0, (events) => events);
    const where = ['--record', '-j', '1', '--ledger', 'recorded.db'];
    expect((await pawl(directory, ['rerun', ...where])).exitCode).toBe(0);
    expect((await pawl(directory, ['rerun', '--all', ...where])).exitCode).toBe(0);
    const store = await openSqliteStore({ path: join(directory, 'recorded.db'), mode: 'read' });
    const events = await eventsOf(toyLedger(store, 'reader'), 'audit-replays' as StreamName);
    await store.close();
    expect(events.map(({ type, data }) => [type, data])).toEqual([
      [
        'ReplayFinished',
        expect.objectContaining({
          ...{ mode: 'rerun', scope: expect.stringMatching(/^run-/), verdict: 'pass', streams: 3 },
          ...{ compared: 21, diverged: 0, inconclusive: 0 },
        }),
      ],
      ['ReplayFinished', expect.objectContaining({ scope: 'all', streams: 6, compared: 44 })],
    ]);
  });
});

describe('a rerun that is stopped', () => {
  it('says what it has compared so far, and concludes nothing', { timeout: 120_000 }, async () => {
    const many = ['run', '--limit', '40', '--candidates', '12', '-j', '2', '--ledger', 'many.db'];
    expect((await pawl(directory, many)).exitCode).toBe(0);
    const rerun = startPawl(directory, ['rerun', '-j', '1', '--json', '--ledger', 'many.db']);
    await rerun.said(/"type":"episode"/);
    rerun.child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await rerun.ended;
    const lines = jsonLines(stdout);
    expect(exitCode, stderr).toBe(1);
    expect(stderr).toContain('Stopping: finishing what is under way.');
    const episodes = lines.filter(({ type }) => type === 'episode').length;
    expect(episodes).toBeLessThan(40);
    expect(lines.at(-1)).toMatchObject({ type: 'rerun', verdict: 'inconclusive', stopped: true, episodes });
    expect(stderr).toContain(`Stopped after ${episodes} of 40 episodes.`);
  });
});

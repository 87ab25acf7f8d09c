import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../../ledger/temporary-directory.ts';
import { startPromptReadingModel } from '../../support/prompt-reading-model.ts';
import { jsonLines, pawl, startPawl } from '../pawl.ts';
import { examine, queueRun, startWorker } from './worker-processes.ts';

const patienceMs = 240_000;
const plan = ['--limit', '8', '--candidates', '8', '--seed', 'w'];
const short = ['--lease', '1'];

async function directoryWithReference() {
  const directory = temporaryDirectory();
  const { exitCode, stderr } = await pawl(directory, ['run', ...plan, '--ledger', 'alone.db', '--json']);
  expect(exitCode, stderr).toBe(0);
  const alone = await examine(directory, 'alone.db');
  const [started] = alone.of('RunStarted');
  return { directory, outcome: alone.outcome(started?.stream as never) };
}

/** Nothing of it may outlive the test. */
function killAtEnd(...processes: readonly { readonly child: { kill: (signal: 'SIGKILL') => unknown } }[]) {
  onTestFinished(() => {
    for (const { child } of processes) child.kill('SIGKILL');
  });
}

async function expectSame(directory: string, run: never, outcome: string) {
  const found = await examine(directory);
  expect(found.problems).toEqual([]);
  expect(found.status(run)).toBe('finished');
  expect(found.outcome(run)).toBe(outcome);
  const replayed = await pawl(directory, ['replay', '--all']);
  expect(replayed.exitCode, replayed.stdout).toBe(0);
  return found;
}

/**
 * A run that asks a model, which keeps whoever asks waiting until it is told to answer: so that a worker is in the middle of an
 * episode for as long as a test wants it to be.
 */
async function modelRun(queueing: readonly string[] = []) {
  const directory = temporaryDirectory();
  let answers = true;
  const model = await startPromptReadingModel({ fault: () => (answers ? null : 'silence') });
  onTestFinished(() => model.close());
  const file = join(directory, 'model.json');
  writeFileSync(file, JSON.stringify({ baseURL: model.baseURL, model: 'reader' }));
  const args = ['--generator', 'model:model.json', '--limit', '4', '--candidates', '3'];
  const alone = await pawl(directory, ['run', ...args, '--ledger', 'alone.db', '--json']);
  expect(alone.exitCode, alone.stderr).toBe(0);
  const reference = await examine(directory, 'alone.db');
  const outcome = reference.outcome(reference.of('RunStarted')[0]?.stream as never);
  answers = false;
  const run = await queueRun(directory, [...args, ...short, ...queueing]);
  // What it takes travels with the run.
  rmSync(file);
  const asked = model.requests.length;
  const answer = (): void => {
    answers = true;
  };
  const isAsked = () => expect.poll(() => model.requests.length - asked, { timeout: patienceMs }).toBe(2);
  return { directory, outcome, run, answer, isAsked };
}

const reader = ['--can', 'model:reader'];

/** Each takes half a minute of two cores; the rules themselves are tested in `tests/loop/work` on each change. */
const itLong = it.skipIf(process.env['PAWL_LONG'] !== '1');

describe('two workers on one ledger', { timeout: patienceMs }, () => {
  it('finish what one of them, killed with SIGKILL, had taken, as if nothing had happened', async () => {
    const { directory, outcome, run, answer, isAsked } = await modelRun();
    const killed = await startWorker(directory, reader);
    killAtEnd(killed);
    await isAsked();
    killed.child.kill('SIGKILL');
    await killed.ended;
    answer();
    const { exitCode, stderr } = await (await startWorker(directory, [...reader, '--until-idle'])).ended;
    expect(exitCode, stderr).toBe(0);
    const found = await expectSame(directory, run as never, outcome);
    const takenOver = found.of('EpisodeTaken').filter(({ data }) => data.from !== null);
    expect(takenOver.map(({ data }) => [data.attempt, data.from])).toEqual(
      Array(2).fill([2, { worker: killed.worker(), why: 'lapsed' }]),
    );
    expect(found.of('WorkerStopped').map(({ data }) => data.why)).toEqual(['idle']);
  });

  it('do not fork history when one is stopped for longer than its lease and comes back', async () => {
    const { directory, outcome, run, answer, isAsked } = await modelRun();
    const sleeper = await startWorker(directory, reader);
    killAtEnd(sleeper);
    await isAsked();
    sleeper.child.kill('SIGSTOP');
    answer();
    const { exitCode, stderr } = await (await startWorker(directory, [...reader, '--until-idle'])).ended;
    expect(exitCode, stderr).toBe(0);
    sleeper.child.kill('SIGCONT');
    // It finds out by itself, and could be of use again.
    await sleeper.said(/"how":"fenced"[\s\S]*"how":"fenced"/);
    sleeper.child.kill('SIGTERM');
    expect((await sleeper.ended).exitCode).toBe(0);
    const found = await expectSame(directory, run as never, outcome);
    const fenced = found.of('EpisodeLeft').filter(({ data }) => data.how === 'fenced');
    expect(fenced.map(({ stream }) => stream)).toEqual(Array(2).fill(`worker-${sleeper.worker()}`));
    expect(found.of('EpisodeFinished')).toHaveLength(4);
  });

  itLong(
    'park what took its worker with it as often as it may be tried, until a person says so',
    async () => {
      const { directory, outcome, run, answer, isAsked } = await modelRun(['--attempts', '1']);
      const killed = await startWorker(directory, reader);
      killAtEnd(killed);
      await isAsked();
      killed.child.kill('SIGKILL');
      await killed.ended;
      answer();
      const second = await (await startWorker(directory, [...reader, '--until-idle'])).ended;
      expect(second.exitCode, second.stderr).toBe(0);
      const shown = await pawl(directory, ['queue', 'show', run, '--json']);
      const reason = expect.stringContaining(`nothing more was heard of its last worker, ${killed.worker()}`);
      expect(jsonLines(shown.stdout).filter(({ kind }) => kind === 'parked')).toMatchObject([
        { attempts: 1, reason },
        { attempts: 1, reason },
      ]);
      const listed = await pawl(directory, ['queue']);
      expect(listed.stdout).toMatch(/does not finish by itself: 2 parked/);
      const retried = await pawl(directory, ['queue', 'retry', run]);
      expect(retried.stdout).toMatch(/^2 parked episodes/);
      await (await startWorker(directory, [...reader, '--until-idle'])).ended;
      const found = await expectSame(directory, run as never, outcome);
      expect(found.of('EpisodeParked')).toHaveLength(2);
      expect(found.of('EpisodeUnparked')).toHaveLength(2);
    },
  );

  itLong('leave a run alone that needs what neither has, and say so', async () => {
    const { directory, answer } = await modelRun();
    answer();
    const { exitCode, stdout } = await (await startWorker(directory, ['--until-idle'])).ended;
    expect(exitCode).toBe(0);
    expect(jsonLines(stdout)).toContainEqual(
      expect.objectContaining({ kind: 'unsuitable', why: expect.stringContaining('model:reader') }),
    );
    const there = await startWorker(directory);
    killAtEnd(there);
    await there.said(/"kind":"unsuitable"/);
    const listed = await pawl(directory, ['queue', '--json']);
    there.child.kill('SIGTERM');
    expect((await there.ended).exitCode).toBe(0);
    expect(jsonLines(listed.stdout)).toMatchObject([{ waiting: 4, taken: 0, unmet: ['model:reader'] }]);
    const only = await pawl(directory, ['worker', '--only', 'latest', '--until-idle']);
    expect(only.exitCode).toBe(2);
    expect(only.stderr).toMatch(/^WORKER_UNSUITABLE: .*model:reader/m);
  });
});

describe('a worker', { timeout: patienceMs }, () => {
  it('told to stop by SIGTERM takes nothing more, finishes what it has, and says so', async () => {
    const { directory, outcome } = await directoryWithReference();
    const run = await queueRun(directory, plan);
    const first = await startWorker(directory);
    killAtEnd(first);
    await first.said(/"kind":"took"/);
    first.child.kill('SIGTERM');
    const { exitCode, stdout, stderr } = await first.ended;
    expect(exitCode, stderr).toBe(0);
    const left = jsonLines(stdout).filter(({ kind }) => kind === 'left');
    const taken = jsonLines(stdout).filter(({ kind }) => kind === 'took');
    expect(left.map(({ how }) => how)).toEqual(taken.map(() => 'finished'));
    expect(jsonLines(stdout).at(-1)).toMatchObject({ type: 'worker-ended', why: 'drained' });
    await (await startWorker(directory, ['--until-idle'])).ended;
    const found = await expectSame(directory, run as never, outcome);
    expect(found.of('WorkerStopped').map(({ data }) => data.why)).toEqual(['drained', 'idle']);
    expect(found.of('EpisodeTaken').every(({ data }) => data.attempt === 1)).toBe(true);
  });

  it('finds a queue whose file was removed in the middle of it, and fills it again', async () => {
    const { directory, outcome } = await directoryWithReference();
    const run = await queueRun(directory, [...plan, ...short]);
    const before = readdirSync(directory);
    const queueFiles = before.filter((name) => /^pawl\.db.*(queue|work)/.test(name));
    expect(queueFiles.length, before.join(' ')).toBeGreaterThan(0);
    for (const name of queueFiles) rmSync(`${directory}/${name}`);
    const { exitCode, stdout } = await (await startWorker(directory, ['--until-idle'])).ended;
    expect(exitCode).toBe(0);
    expect(jsonLines(stdout).map(({ kind }) => kind)).toContain('repaired');
    await expectSame(directory, run as never, outcome);
  });
});

describe('a run that is queued', { timeout: patienceMs }, () => {
  it('is waited for by who queued it, and summed up', async () => {
    const { directory, outcome } = await directoryWithReference();
    const waiting = startPawl(directory, ['run', '--queue', '--wait', '--json', ...plan]);
    killAtEnd(waiting);
    await waiting.said(/"type":"queued"/);
    await (await startWorker(directory, ['--until-idle'])).ended;
    const { exitCode, stdout, stderr } = await waiting.ended;
    expect(exitCode, stderr).toBe(0);
    const records = jsonLines(stdout);
    const run = records[0]?.['run'];
    expect(records.filter(({ type }) => type === 'episode')).toHaveLength(8);
    expect(records.at(-1)).toMatchObject({ type: 'run', run, status: 'finished', tasks: 8, finished: 8 });
    await expectSame(directory, run as never, outcome);
  });

  it('is left alone by resume, until it is taken out of the queue', async () => {
    const { directory, outcome } = await directoryWithReference();
    const run = await queueRun(directory, plan);
    const refused = await pawl(directory, ['resume']);
    expect(refused.exitCode).toBe(0);
    expect(refused.stderr).toMatch(/is queued: workers go on with it/);
    expect((await pawl(directory, ['queue', 'remove', 'latest'])).exitCode).toBe(0);
    expect((await pawl(directory, ['queue', 'remove', 'latest'])).stderr).toMatch(/^RUN_NOT_QUEUED/);
    const resumed = await pawl(directory, ['resume', run]);
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    await expectSame(directory, run as never, outcome);
  });

  it('cannot have a limit of wall time', async () => {
    const directory = temporaryDirectory();
    const { exitCode, stderr } = await pawl(directory, ['run', '--queue', '--max-wall', '5', ...plan]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^USAGE: A limit of wall time/);
  });

  itLong('that a person had paused goes on in the hands of workers', async () => {
    const { directory, outcome } = await directoryWithReference();
    const run = startPawl(directory, ['run', ...plan, '-j', '1', '--json']);
    killAtEnd(run);
    await run.said(/"type":"episode"/);
    run.child.kill('SIGINT');
    await run.ended;
    const added = await pawl(directory, ['queue', 'add', 'latest', '--json']);
    expect(added.exitCode, added.stderr).toBe(0);
    const stream = jsonLines(added.stdout)[0]?.['run'];
    await (await startWorker(directory, ['--until-idle'])).ended;
    await expectSame(directory, stream as never, outcome);
  });
});

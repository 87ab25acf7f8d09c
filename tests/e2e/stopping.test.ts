import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { toyLedger } from '../support/toy-run.ts';
import { sharedDirectory } from './directory.ts';
import { jsonLines, pawl, startPawl, type UnderWay } from './pawl.ts';
import { smallRun } from './small-run.ts';

const directory = sharedDirectory();
const patienceMs = 60_000;

/** What the ledger holds of its only run, without the run's episodes. */
async function runEvents(name: string): Promise<readonly AnyRecordedEvent[]> {
  const store = await openSqliteStore({ path: join(directory, name), mode: 'read' });
  try {
    const [run] = await Array.fromAsync(store.streams('run-'));
    return run === undefined ? [] : await Array.fromAsync(toyLedger(store, 'reader').readStream(run));
  } finally {
    await store.close();
  }
}

/** Resolves when the ledger holds an event of this type; `writing` is who should write it. */
async function recorded(name: string, type: string, writing: UnderWay): Promise<void> {
  await writing.said(/1 tasks, seed/);
  const store = await openSqliteStore({ path: join(directory, name), mode: 'read' });
  const over = new AbortController();
  writing.child.on('exit', () => over.abort());
  try {
    for await (const event of toyLedger(store, 'reader').subscribe(0, over.signal))
      if (event.type === type) return;
    throw new Error(`pawl ended without ${type}`);
  } finally {
    await store.close();
  }
}

/** A task whose program never ends by itself. */
function writeEndlessTask(wallMs: number): string {
  const tests = { kind: 'cases', cases: [{ call: 'spin(1)', expected: '1' }] };
  const task = {
    ...{ id: 'endless', language: 'javascript', entryPoint: 'spin', statement: 'Return n.' },
    givenProgram: 'function spin(n) {\n  while (true) {\n    n = n + 1;\n  }\n}\n',
    ...{ publicTests: tests, hiddenTests: tests, limits: { wallMs, steps: null } },
  };
  writeFileSync(join(directory, `endless-${wallMs}.jsonl`), `${JSON.stringify(task)}\n`);
  return `native:endless-${wallMs}.jsonl`;
}

/** As somebody who presses Ctrl-C until it helps. */
async function pressUntilAtOnce({ child, said }: UnderWay): Promise<void> {
  const press = setInterval(() => child.kill('SIGINT'), 20);
  try {
    await said(/Stopping at once/);
  } finally {
    clearInterval(press);
  }
}

function kill(child: ChildProcess): void {
  if (child.exitCode === null) child.kill('SIGKILL');
}

describe('a run that is stopped', { timeout: patienceMs }, () => {
  it('once: finishes what is under way, says how to go on, and resumed ends as if nobody had stopped it', async () => {
    const args = ['--limit', '16', '--candidates', '8', '--seed', 'stop', '-j', '1', '--json'];
    const stopped = startPawl(directory, ['run', ...args, '--ledger', 'stopped.db']);
    await stopped.said(/"type":"episode"/);
    // The terminal's process group and npm each pass one press on: twice at once is once.
    stopped.child.kill('SIGINT');
    stopped.child.kill('SIGTERM');
    const paused = await stopped.ended;
    expect(paused.exitCode, paused.stderr).toBe(1);
    expect(paused.stderr).toContain('Stopping: finishing what is under way.');
    expect(paused.stderr).toMatch(/\nGo on with: npx pawl resume --ledger stopped\.db\n/);
    const records = jsonLines(paused.stdout);
    const finishedBefore = records.filter(({ type }) => type === 'episode').length;
    expect(finishedBefore).toBeGreaterThan(0);
    expect(finishedBefore).toBeLessThan(16);
    expect(records.at(-1)).toMatchObject({ type: 'run', status: 'paused', finished: finishedBefore });
    expect((await runEvents('stopped.db')).at(-1)).toMatchObject({
      type: 'RunPaused',
      data: { reason: 'interrupted' },
    });

    const resumed = await pawl(directory, ['resume', '-j', '1', '--json', '--ledger', 'stopped.db']);
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    expect(jsonLines(resumed.stdout).filter(({ type }) => type === 'episode')).toHaveLength(
      16 - finishedBefore,
    );
    expect(resumed.stderr).toContain(' 16/16 tasks, ');
    const undisturbed = await pawl(directory, ['run', ...args, '--ledger', 'undisturbed.db']);
    expect(undisturbed.exitCode, undisturbed.stderr).toBe(0);
    const [left, right] = await Promise.all(
      ['stopped.db', 'undisturbed.db'].map(async (ledger) => {
        const { stdout } = await pawl(directory, ['show', '--json', '--ledger', ledger]);
        const { outcome, status, candidates, steps } = jsonLines(stdout)[0] ?? {};
        return { outcome, status, candidates, steps };
      }),
    );
    expect(left?.outcome).toMatch(/^[0-9a-f]{64}$/);
    expect(left).toEqual({ ...right, status: 'finished' });
  });

  it('twice: ends at once, in the middle of an execution, and can be resumed', async () => {
    const suite = writeEndlessTask(1500);
    const args = ['--suite', suite, '--max-steps', 'none', '--max-executions', '1', '-j', '1'];
    const stopped = startPawl(directory, ['run', ...args, '--ledger', 'twice.db', '--json']);
    await recorded('twice.db', 'ExecutionRequested', stopped);
    await pressUntilAtOnce(stopped);
    const { exitCode, stdout, stderr } = await stopped.ended;
    expect(exitCode, stderr).toBe(1);
    expect(jsonLines(stdout)).toEqual([expect.objectContaining({ type: 'error', code: 'INTERRUPTED' })]);
    expect(stderr).toContain('`pawl resume` goes on where it was');
    // As after a crash: nothing says that the session ended.
    expect((await runEvents('twice.db')).at(-1)?.type).toBe('EnvironmentCaptured');
    const resumed = await pawl(directory, ['resume', '--json', '--ledger', 'twice.db']);
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    expect(jsonLines(resumed.stdout).at(-1)).toMatchObject({
      type: 'run',
      status: 'finished',
      hiddenPass: 0,
    });
  });
});

describe('a ledger that is being written', { timeout: patienceMs }, () => {
  it('takes a second writer, and lets everybody read', async () => {
    const args = [
      'run',
      '--suite',
      writeEndlessTask(60_000),
      '--max-steps',
      'none',
      '-j',
      '1',
      '--ledger',
      'busy.db',
    ];
    const writing = startPawl(directory, args);
    try {
      await recorded('busy.db', 'ExecutionRequested', writing);
      const small = [...smallRun('sequential-feedback'), '--ledger', 'busy.db', '--json'];
      const [second, runs, show, verify] = await Promise.all([
        pawl(directory, small),
        pawl(directory, ['runs', '--json', '--ledger', 'busy.db']),
        pawl(directory, ['show', '--ledger', 'busy.db']),
        pawl(directory, ['verify', '--ledger', 'busy.db']),
      ]);
      expect(second.exitCode, second.stderr).toBe(0);
      expect(jsonLines(second.stdout).at(-1)).toMatchObject({ type: 'run', status: 'finished', tasks: 3 });
      expect(jsonLines(runs.stdout)[0]).toMatchObject({ type: 'run', status: 'running', finished: 0 });
      expect([show.exitCode, verify.exitCode]).toEqual([0, 0]);
      expect(writing.child.exitCode).toBeNull();
      await pressUntilAtOnce(writing);
      expect((await writing.ended).exitCode).toBe(1);
      expect((await pawl(directory, ['verify', '--ledger', 'busy.db'])).exitCode).toBe(0);
    } finally {
      kill(writing.child);
    }
  });
});

describe('a run with a limit on its wall time', { timeout: patienceMs }, () => {
  it('ends with what it has, says so in the ledger, and sums up', async () => {
    const args = [
      'run',
      '--max-wall',
      '1',
      '--candidates',
      '100',
      '-j',
      '1',
      '--ledger',
      'wall.db',
      '--json',
    ];
    const { exitCode, stdout, stderr } = await pawl(directory, args);
    expect(exitCode, stderr).toBe(0);
    const summary = jsonLines(stdout).at(-1);
    expect(summary).toMatchObject({ type: 'run', status: 'finished' });
    expect(summary?.['finished']).toBeLessThan(Number(summary?.['tasks']));
    expect((await runEvents('wall.db')).slice(-2)).toMatchObject([
      { type: 'BudgetExhausted', data: { kind: 'wallTime', limit: 1000 } },
      { type: 'RunFinished', data: { episodes: summary?.['finished'] } },
    ]);
  });
});

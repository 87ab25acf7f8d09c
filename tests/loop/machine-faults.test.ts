import { describe, expect, it } from 'vitest';
import type { Execution, ExecutionRequest, Sandbox } from '../../sandbox/sandbox.ts';
import { createScheduledSandbox } from '../../sandbox/schedule/scheduled-sandbox.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { steppingClock } from '../../src/kernel/clock.ts';
import type { ErrorCode } from '../../src/kernel/error-table.ts';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import type { EventStore } from '../../src/ledger/event-store.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { verifyLedger } from '../../src/ledger/verify-ledger.ts';
import { replayLedger } from '../../src/loop/replay-ledger.ts';
import { replayScope } from '../../src/loop/replay-scope.ts';
import { ScriptedSandbox } from '../support/scripted-sandbox.ts';
import { episodeOf, story } from '../support/story.ts';
import { toyTask } from '../support/toy-language.ts';
import { eventsOf, outcomeDigest, startToyRun, toyLedger, workOn } from '../support/toy-run.ts';
import { queuedToyRun, toyTerms, toyWorker } from './work/toy-workers.ts';

const passing = ['ENGINE_UNREACHABLE', 'ENGINE_DISK_FULL'] as const;
const lasting = [
  ...['ENGINE_REFUSED', 'IMAGE_MISSING', 'IMAGE_DENIED', 'IMAGE_UNUSABLE', 'SANDBOX_DOES_NOT_FIT'],
  ...['SANDBOX_SETTINGS', 'SANDBOX_LANGUAGE', 'SANDBOX_CLOSED'],
] as readonly ErrorCode[];

const tasks = [toyTask('a', 2), toyTask('b', 3), toyTask('c', 4)];
const setting = { strategy: 'best-of-n', params: { candidates: 3, width: 3 }, tasks };

/** A driver of which so many calls fail, from one on; it counts all of them. */
class AwaySandbox extends ScriptedSandbox {
  calls = 0;
  readonly #isAway: (call: number) => boolean;
  readonly #code: ErrorCode;

  constructor(code: ErrorCode, isAway: (call: number) => boolean) {
    super();
    this.#code = code;
    this.#isAway = isAway;
  }

  override async execute(request: ExecutionRequest, signal: AbortSignal): Promise<Execution> {
    this.calls += 1;
    if (this.#isAway(this.calls))
      throw new PawlError(this.#code, 'It is not there.', { context: { at: 'toy' } });
    return super.execute(request, signal);
  }
}

async function started() {
  const store = openMemoryStore();
  const ledger = toyLedger(store, 'start');
  return { store, ledger, run: await startToyRun(ledger, setting) };
}

async function undisturbed() {
  const { store, ledger, run } = await started();
  const sandbox = new AwaySandbox('ENGINE_UNREACHABLE', () => false);
  await workOn(ledger, run, { sandbox });
  expect(sandbox.calls).toBe(11);
  return { digest: await outcomeDigest(toyLedger(store, 'reader'), run), calls: sandbox.calls };
}

/** What every disturbed run must have come to. */
async function expectUndisturbed(store: EventStore, run: StreamName, digest: string): Promise<void> {
  const ledger = toyLedger(store, 'reader');
  expect(await outcomeDigest(ledger, run)).toBe(digest);
  expect((await verifyLedger(store)).problems).toEqual([]);
  const { streams } = await replayScope(ledger, { kind: 'all' }, { sinceMs: null, untilMs: null });
  expect(await replayLedger(ledger, streams, { rederive: null })).toMatchObject({
    verdict: 'pass',
    failures: [],
  });
}

async function failuresOf(store: EventStore): Promise<string[]> {
  const lines: string[] = [];
  for await (const { type, data } of toyLedger(store, 'reader').readAll()) {
    if (type === 'ExecutionFailed') lines.push(`${data.error.code} final ${data.final}`);
  }
  return lines;
}

describe.each(passing)('%s', (code) => {
  it('is recorded and tried again like a fault of the sandbox, and the run comes to the same end', async () => {
    const { digest } = await undisturbed();
    const { store, ledger, run } = await started();
    const sandbox = new AwaySandbox(code, (call) => call === 2 || call === 3);
    expect(await workOn(ledger, run, { sandbox })).toMatchObject({ status: 'finished' });
    expect(await failuresOf(store)).toEqual(Array(2).fill(`${code} final false`));
    await expectUndisturbed(store, run, digest);
  });

  it('that stays pauses the run before it could end an execution; resumed, the run comes to the same end', async () => {
    const { digest } = await undisturbed();
    const { store, ledger, run } = await started();
    const sandbox = new AwaySandbox(code, (call) => call >= 4);
    await expect(workOn(ledger, run, { sandbox })).rejects.toMatchObject({
      code,
      message:
        'It is not there. (The run is paused. Nothing is concluded about a candidate, and whatever was recorded is kept: see to this, then resume the run.)',
      context: { at: 'toy' },
    });
    expect((await eventsOf(ledger, run)).at(-1)).toMatchObject({
      type: 'RunPaused',
      data: { reason: 'failure' },
    });
    const failures = await failuresOf(store);
    expect(new Set(failures)).toEqual(new Set([`${code} final false`]));
    // Still away: paused again, by one try of each execution that is open.
    const again = new AwaySandbox(code, () => true);
    await expect(workOn(toyLedger(store, 'again'), run, { sandbox: again })).rejects.toMatchObject({ code });
    expect(await failuresOf(store)).toEqual(failures);
    expect(await workOn(toyLedger(store, 'last'), run)).toMatchObject({ status: 'finished' });
    await expectUndisturbed(store, run, digest);
  });
});

describe.each(lasting)('%s', (code) => {
  it('pauses the run wherever it is met, and nothing of it is an end of an execution', async () => {
    const { digest, calls } = await undisturbed();
    for (let at = 1; at <= calls; at += 1) {
      const { store, ledger, run } = await started();
      const sandbox = new AwaySandbox(code, (call) => call >= at);
      await expect(workOn(ledger, run, { sandbox }), `call ${at}`).rejects.toMatchObject({ code });
      expect(await failuresOf(store), `call ${at}`).toEqual([]);
      expect((await eventsOf(ledger, run)).at(-1)?.type, `call ${at}`).toBe('RunPaused');
      expect(await workOn(toyLedger(store, 'second'), run), `call ${at}`).toMatchObject({
        status: 'finished',
      });
      await expectUndisturbed(store, run, digest);
    }
  });
});

it('what else an episode has under way is recorded before its run is paused', async () => {
  const { store, ledger, run } = await started();
  // Of three candidates that are asked for at a time the first one meets it.
  const sandbox = new AwaySandbox('IMAGE_MISSING', (call) => call === 1);
  await expect(workOn(ledger, run, { sandbox })).rejects.toMatchObject({ code: 'IMAGE_MISSING' });
  const lines = story(await eventsOf(ledger, episodeOf(run)));
  expect(lines.slice(4)).toEqual([
    'CandidateGenerated 0.0.0 generated #0',
    'ExecutionRequested 1.0.0 public #0',
    'CandidateRejected 0.1.0 duplicate',
    'CandidateGenerated 0.2.0 generated #1',
    'ExecutionRequested 2.0.0 public #1',
    'ExecutionFinished 2.0.0 public failed 0/2',
    'CandidateScored #1 0 by 2.0.0',
  ]);
  await workOn(toyLedger(store, 'second'), run);
  await expectUndisturbed(store, run, (await undisturbed()).digest);
});

/** The driver as `pawl` schedules it, with a clock on which waiting takes no time. */
function scheduled(sandbox: Sandbox) {
  const told: string[] = [];
  return {
    told,
    sandbox: createScheduledSandbox(sandbox, {
      ...{
        clock: steppingClock(0, 1),
        underWayMax: 2,
        claimBytes: () => 1,
        memoryBytesMax: 2,
        patienceMs: 600_000,
      },
      onWait: ({ reason }) => told.push(`waits: ${reason.code}`),
      onResume: () => told.push('goes on'),
    }),
  };
}

describe('an engine that goes away in the middle and comes back', () => {
  it.each(passing)('with %s is waited for: nothing at all of it is in the ledger', async (code) => {
    const { digest, calls } = await undisturbed();
    for (let at = 1; at <= calls; at += 1) {
      const { store, ledger, run } = await started();
      const { sandbox, told } = scheduled(new AwaySandbox(code, (call) => call >= at && call < at + 8));
      const ended = await workOn(ledger, run, { sandbox: sandbox.forRun(run), concurrency: 2 });
      expect(ended, `call ${at}`).toMatchObject({ status: 'finished' });
      expect(told, `call ${at}`).toEqual([`waits: ${code}`, 'goes on']);
      expect(await failuresOf(store)).toEqual([]);
      await expectUndisturbed(store, run, digest);
    }
  });

  it('holds up two runs alike, and both come to the same end', async () => {
    const { digest } = await undisturbed();
    const [one, two] = [await started(), await started()];
    const { sandbox, told } = scheduled(
      new AwaySandbox('ENGINE_UNREACHABLE', (call) => call >= 5 && call < 20),
    );
    const runs = [one, two].map(({ ledger, run }, at) =>
      workOn(ledger, run, { sandbox: sandbox.forRun(`${at}`), concurrency: 2 }),
    );
    expect(await Promise.all(runs)).toMatchObject([{ status: 'finished' }, { status: 'finished' }]);
    expect(told).toEqual(['waits: ENGINE_UNREACHABLE', 'goes on']);
    for (const { store, run } of [one, two]) await expectUndisturbed(store, run, digest);
  });
});

it('a worker without an engine ends and gives its episode back uncounted; another one finishes the run', async () => {
  const { store, run, queue } = await queuedToyRun(setting, { ...toyTerms, attemptsMax: 1 });
  const sandbox = new AwaySandbox('ENGINE_UNREACHABLE', () => true);
  const first = toyWorker({ store, queue, label: 'first', slots: 1, sandbox });
  await expect(first).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' });
  const { left } = await toyWorker({ store, queue, label: 'second' });
  expect(left).toEqual({ finished: 3, fenced: 0, released: 0, failed: 0 });
  await expectUndisturbed(store, run, (await undisturbed()).digest);
});

import { describe, expect, it } from 'vitest';
import type { Digest, StreamName } from '../../src/kernel/brand.ts';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { rerunEpisode } from '../../src/loop/rerun-episode.ts';
import { copyLedger } from '../support/copy-ledger.ts';
import { asRecorded, executedEpisode } from '../support/executed-episode.ts';
import { Gate, settle } from '../support/gate.ts';
import { always, checkLines, executorOf, rerunOf } from '../support/rerun.ts';
import { ScriptedSandbox, scriptedFingerprint } from '../support/scripted-sandbox.ts';
import { eventsOf } from '../support/toy-run.ts';

const { store, ledger, stream, first } = await executedEpisode();

describe('executing an episode again', () => {
  it('compares every execution, public and hidden, and finds what was recorded', async () => {
    const sandbox = new ScriptedSandbox();
    const rerun = await rerunOf(ledger, stream, { sandbox });
    expect(rerun).toMatchObject({ task: 't', imported: false, verdict: 'pass', remark: '' });
    expect(checkLines(rerun)).toEqual(asRecorded);
    expect(rerun.checks[0]).toMatchObject({
      recorded: { outcome: 'failed', passed: 0, total: 2, steps: 2, wallMs: 1 },
      here: { outcome: 'failed', passed: 0, total: 2, steps: 2, wallMs: 1 },
    });
    expect(sandbox.performed).toHaveLength(4);
  });

  it('does not need the strategy, nor what fed it', async () => {
    const copy = await copyLedger(store, {
      stream,
      events: (events) =>
        events.map((event) =>
          event.type === 'EpisodeStarted'
            ? { ...event, data: { ...event.data, strategy: { name: 'lost', version: 9, params: {} } } }
            : event,
        ),
    });
    expect(checkLines(await rerunOf(copy, stream))).toEqual(asRecorded);
  });

  it('looks at what was executed within the window alone', async () => {
    const times = (await eventsOf(ledger, stream)).map(({ at }) => at);
    const window = { sinceMs: times[9] as number, untilMs: times[19] as number };
    expect(checkLines(await rerunOf(ledger, stream, { window }))).toEqual(asRecorded.slice(1, 3));
    expect((await rerunOf(ledger, stream, { window: { ...always, untilMs: 0 } })).checks).toEqual([]);
  });

  it('refuses an episode that is not there', async () => {
    const unknown = 'episode-NONE.0' as StreamName;
    await expect(rerunOf(ledger, unknown)).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });
});

describe('what is missing', () => {
  const without = async (digest: Digest): Promise<Ledger> =>
    copyLedger(store, { stream, events: (events) => events, without: digest });
  const started = async () => {
    const [event] = await eventsOf(ledger, stream);
    if (event?.type !== 'EpisodeStarted') throw new Error('a start');
    return event.data;
  };

  it('makes inconclusive what needs it and nothing else: a result', async () => {
    const rerun = await rerunOf(await without(first.digest), stream);
    expect(rerun.verdict).toBe('inconclusive');
    expect(rerun.checks.map(({ verdict, missing }) => [verdict, missing])).toEqual([
      ['inconclusive', 'BLOB_NOT_FOUND'],
      ...[
        ['pass', null],
        ['pass', null],
        ['pass', null],
      ],
    ]);
  });

  it('the hidden tests', async () => {
    const rerun = await rerunOf(await without((await started()).hidden.digest), stream);
    expect(rerun.checks.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass', 'inconclusive']);
  });

  it('the task', async () => {
    const rerun = await rerunOf(await without((await started()).view.digest), stream);
    expect(rerun).toMatchObject({ verdict: 'inconclusive', checks: [] });
  });

  it('an erased blob, although everything else would pass', async () => {
    const erased = openMemoryStore();
    const copy = await copyLedger(store, { stream, events: (events) => events }, erased);
    await erased.eraseBlob(first.digest);
    const rerun = await rerunOf(copy, stream);
    expect(rerun.checks[0]).toMatchObject({ verdict: 'inconclusive', missing: 'BLOB_ERASED', here: null });
    expect(rerun.verdict).toBe('inconclusive');
  });

  it('the interpreter: another one is not asked', async () => {
    class Other extends ScriptedSandbox {
      override fingerprint = async () => ({ ...scriptedFingerprint, version: '2' });
    }
    const sandbox = new Other();
    const rerun = await rerunOf(ledger, stream, { sandbox });
    expect(rerun.verdict).toBe('inconclusive');
    for (const check of rerun.checks) {
      expect(check).toMatchObject({ verdict: 'inconclusive', missing: 'ENVIRONMENT_DIFFERS', here: null });
      expect(check.remark).toMatch(/^javascript was executed by toy 1 \(scripted, \w{12}\); here is toy 2 /);
    }
    expect(sandbox.performed).toEqual([]);
  });

  it('a run that does not say what executed it', async () => {
    const rerun = await rerunOf(ledger, stream, { recorded: [] });
    expect(new Set(rerun.checks.map(({ missing }) => missing))).toEqual(new Set(['ENVIRONMENT_DIFFERS']));
  });

  it('a sandbox: its faults are tried again, and then said', async () => {
    const broken = (times: number) =>
      new ScriptedSandbox({
        fault: ({ coverage }, call) =>
          coverage && call <= times ? new PawlError('SANDBOX_FAILED', 'The worker is gone.') : null,
      });
    expect((await rerunOf(ledger, stream, { sandbox: broken(2) })).verdict).toBe('pass');
    const rerun = await rerunOf(ledger, stream, { sandbox: broken(3) });
    expect(rerun.checks.map(({ verdict, missing }) => [verdict, missing])).toEqual([
      ...[
        ['inconclusive', 'SANDBOX_FAILED'],
        ['inconclusive', 'SANDBOX_FAILED'],
      ],
      ...[
        ['inconclusive', 'SANDBOX_FAILED'],
        ['pass', null],
      ],
    ]);
  });
});

describe('stopping', () => {
  it('at once rejects with the reason', async () => {
    const gate = new Gate();
    const abort = new AbortController();
    const rerun = rerunOf(ledger, stream, { sandbox: new ScriptedSandbox({ gate }), abort: abort.signal });
    while (gate.waiting.length < 2) await settle();
    abort.abort(new PawlError('INTERRUPTED', 'Stopped.'));
    await expect(rerun).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('begins nothing new', async () => {
    const gate = new Gate();
    const pause = new AbortController();
    const rerun = rerunOf(ledger, stream, { sandbox: new ScriptedSandbox({ gate }), pause: pause.signal });
    while (gate.waiting.length < 2) await settle();
    pause.abort();
    for (const name of gate.waiting) gate.open(name);
    await expect(rerun).rejects.toThrow();
    expect(gate.arrivals).toHaveLength(2);
  });
});

describe('equal executions', () => {
  it('are done once by one executor, also while the first is under way', async () => {
    const sandbox = new ScriptedSandbox();
    const executor = executorOf({ sandbox });
    const context = {
      recorded: [scriptedFingerprint],
      window: always,
      comparison: 'whole',
      executor,
    } as const;
    const both = await Promise.all([1, 2].map(() => rerunEpisode(ledger, stream, context)));
    await rerunEpisode(ledger, stream, context);
    expect(both.map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
    expect([executor.performed, sandbox.performed.length]).toEqual([4, 4]);
  });

  it('are done again after a failure', async () => {
    const fault = (_request: unknown, call: number) =>
      call <= 3 ? new PawlError('SANDBOX_FAILED', 'The worker is gone.') : null;
    const executor = executorOf({ sandbox: new ScriptedSandbox({ fault }) });
    const context = {
      recorded: [scriptedFingerprint],
      window: always,
      comparison: 'whole',
      executor,
    } as const;
    expect((await rerunEpisode(ledger, stream, context)).verdict).toBe('inconclusive');
    expect((await rerunEpisode(ledger, stream, context)).verdict).toBe('pass');
  });

  it('are at most so many at a time', async () => {
    const gate = new Gate();
    const sandbox = new ScriptedSandbox({ gate });
    const rerun = rerunOf(ledger, stream, { sandbox, atATime: 3 });
    while (gate.waiting.length < 3) await settle();
    for (await settle(); gate.waiting.length > 0; await settle())
      for (const name of gate.waiting) gate.open(name);
    expect((await rerun).verdict).toBe('pass');
    expect(sandbox.underWayMax).toBe(3);
  });
});

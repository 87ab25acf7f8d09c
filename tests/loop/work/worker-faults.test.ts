import { describe, expect, it } from 'vitest';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { replayLedger } from '../../../src/loop/replay-ledger.ts';
import { replayScope } from '../../../src/loop/replay-scope.ts';
import { toyTask } from '../../support/toy-language.ts';
import { outcomeDigest, startToyRun, toyLedger, workOn } from '../../support/toy-run.ts';
import { MortalProcess } from './mortal-process.ts';
import { queueToyRun, toyLog, toyWorker } from './toy-workers.ts';

const tasks = [toyTask('plain', 2), toyTask('given', 3, { 'f(0)': '7' })];
const options = { strategy: 'sequential-feedback', params: { candidates: 2 }, tasks };
/** Others wait for it every time, so it is as short as it can be. */
const terms = { leaseMs: 60, attemptsMax: 5 };

async function undisturbed() {
  const ledger = toyLedger(openMemoryStore(), 'start');
  const run = await startToyRun(ledger, options);
  await workOn(ledger, run);
  return outcomeDigest(ledger, run);
}

async function prepared() {
  const store = openMemoryStore();
  const ledger = toyLedger(store, 'start');
  return { store, ledger, run: await startToyRun(ledger, options) };
}

/** What everybody expects of a run whose workers died somewhere on the way. */
async function expectWhole(store: ReturnType<typeof openMemoryStore>, run: string, place: string) {
  const ledger = toyLedger(store, 'reader');
  const { streams } = await replayScope(ledger, { kind: 'all' }, { sinceMs: null, untilMs: null });
  const { verdict, failures } = await replayLedger(ledger, streams, { rederive: null });
  expect(failures, place).toEqual([]);
  expect(verdict, place).toBe('pass');
  expect((await verifyLedger(store)).problems, place).toEqual([]);
  const state = await toyLog(ledger).refresh();
  expect([...state.keys()], place).toEqual([]);
  expect(await store.workQueue().items(run as never), place).toEqual([]);
}

describe.each([
  ['before', false],
  ['after', true],
] as const)('a worker that dies %s any call that changes something', (_, after) => {
  it('is survived by another one, which comes to the end of an undisturbed run', async () => {
    const digest = await undisturbed();
    let calls = Number.POSITIVE_INFINITY;
    for (let at = 1; at <= calls; at += 1) {
      const { store, ledger, run } = await prepared();
      await queueToyRun(ledger, store.workQueue(), run, terms);
      const process = new MortalProcess(store, at, after);
      const first = toyWorker({ store: process.store, queue: process.queue, label: 'first', slots: 1 });
      const ended = await first.then(
        () => 'ended',
        (error) => error.name,
      );
      if (!process.dead) calls = process.calls;
      else expect(ended, `call ${at}`).toBe('ProcessDied');
      await toyWorker({ store, queue: store.workQueue(), label: 'second' });
      expect(await outcomeDigest(ledger, run), `call ${at}`).toBe(digest);
      await expectWhole(store, run, `call ${at}`);
    }
    // Every append of two episodes, of the diary, of the run and of the queue, and every call of the queue.
    expect(calls).toBeGreaterThan(25);
  }, 120_000);
});

describe.each([
  ['before', false],
  ['after', true],
] as const)('whoever queues a run and dies %s any call', (_, after) => {
  it('leaves it queued, or not at all', async () => {
    const digest = await undisturbed();
    let calls = Number.POSITIVE_INFINITY;
    for (let at = 1; at <= calls; at += 1) {
      const { store, ledger, run } = await prepared();
      const process = new MortalProcess(store, at, after);
      await queueToyRun(toyLedger(process.store, 'queueing'), process.queue, run, terms).catch(() => 'died');
      if (!process.dead) calls = process.calls;
      const isQueued = (await toyLog(ledger).refresh()).has(run);
      // Queueing it again is what a person does who saw it fail.
      await queueToyRun(toyLedger(store, 'again'), store.workQueue(), run, terms);
      await toyWorker({ store, queue: store.workQueue(), label: 'worker' });
      expect(await outcomeDigest(ledger, run), `call ${at}, queued before: ${isQueued}`).toBe(digest);
      await expectWhole(store, run, `call ${at}`);
    }
    // It is said in the ledger, and offered.
    expect(calls).toBe(2);
  });
});

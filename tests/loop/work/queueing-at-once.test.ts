import { expect, it } from 'vitest';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { toyTask } from '../../support/toy-language.ts';
import { startToyRun, toyLedger } from '../../support/toy-run.ts';
import { queueToyRun, toyLog, toyWorker } from './toy-workers.ts';

it('several people queue runs of one suite at the same moment, and all of them are there', async () => {
  const store = openMemoryStore();
  const options = { strategy: 'best-of-n', params: { candidates: 2 }, tasks: [toyTask('plain', 2)] };
  const runs = await Promise.all(
    [1, 2, 3, 4].map(async (number) => {
      const ledger = toyLedger(store, `person ${number}`);
      // The run's name follows from this in these tests.
      const run = await startToyRun(ledger, { ...options, strategyVersion: number });
      await queueToyRun(ledger, store.workQueue(), run);
      return run;
    }),
  );
  const state = await toyLog(toyLedger(store, 'reader')).refresh();
  expect(new Set(state.keys())).toEqual(new Set(runs));
  // One of the versions is this build's. With the others it does not even begin, which uses up nobody's attempts.
  const outcome = await toyWorker({ store, queue: store.workQueue(), label: 'a' });
  expect(outcome.left).toEqual({ finished: 1, fenced: 0, released: 0, failed: 0 });
  expect((await toyLog(toyLedger(store, 'reader')).refresh()).size).toBe(3);
});

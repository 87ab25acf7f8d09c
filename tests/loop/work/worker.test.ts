import { describe, expect, it } from 'vitest';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { toyTask } from '../../support/toy-language.ts';
import { eventsOf, outcomeDigest, startToyRun, toyLedger, workOn } from '../../support/toy-run.ts';
import { queuedToyRun, toyWorker } from './toy-workers.ts';

const tasks = [toyTask('plain', 2), toyTask('given', 3, { 'f(0)': '7' }), toyTask('wide', 4)];
const options = { strategy: 'sequential-feedback', params: { candidates: 3 }, tasks };

/** What the run comes to where one process does all of it. */
async function undisturbed() {
  const store = openMemoryStore();
  const ledger = toyLedger(store, 'start');
  const run = await startToyRun(ledger, options);
  await workOn(ledger, run);
  return outcomeDigest(ledger, run);
}

describe('a worker', () => {
  it('brings a queued run to the end that one process brings it to', async () => {
    const { store, ledger, run, queue } = await queuedToyRun(options);
    const outcome = await toyWorker({ store, queue, label: 'a' });
    expect(outcome).toEqual({ why: 'idle', left: { finished: 3, fenced: 0, released: 0, failed: 0 } });
    expect(await outcomeDigest(ledger, run)).toBe(await undisturbed());
    expect((await eventsOf(ledger, run)).map(({ type }) => type).slice(-2)).toEqual([
      'EnvironmentCaptured',
      'RunFinished',
    ]);
    expect((await verifyLedger(store)).problems).toEqual([]);
    expect(await queue.items(run)).toEqual([]);
  });
});

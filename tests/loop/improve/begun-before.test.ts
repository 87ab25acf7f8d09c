import { describe, expect, it } from 'vitest';
import type { PawlEvent } from '../../../src/events/catalogue.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { refuseProtectedRun } from '../../../src/loop/improve/protected-items.ts';
import { queueStream } from '../../../src/loop/work/work-streams.ts';
import { openToyLine, reopen, toyGate, toySuite } from '../../support/toy-line.ts';
import { startToyRun } from '../../support/toy-run.ts';

/** A run over all items of the suite, begun before anything was held out. */
async function begun() {
  const services = toyGate(openMemoryStore(), 'one');
  const { ledger, writer } = services;
  const run = await startToyRun(ledger, { strategy: 'best-of-n', tasks: toySuite().tasks });
  const say = async (event: PawlEvent): Promise<void> => {
    const last = await ledger.lastRevision(queueStream);
    await ledger.append(queueStream, last, [ledger.draft(event, writer, null)]);
  };
  return { services, ledger, run, say };
}

describe('a run that was begun before a gate held out some of its items', () => {
  it('is not gone on with', async () => {
    const { services, ledger, run } = await begun();
    await refuseProtectedRun(ledger, run);
    await openToyLine(services);
    await expect(refuseProtectedRun(ledger, run)).rejects.toMatchObject({
      code: 'HELD_OUT_PROTECTED',
      context: { line: 'improvement-toy', split: 'heldout', tasks: 16 },
    });
  });

  it('keeps the gate shut while it is queued, because a worker could not tell', async () => {
    const { services, run, say } = await begun();
    await say({ type: 'RunQueued', data: { run, needs: [], leaseMs: 1000, attemptsMax: 5, files: [] } });
    await expect(openToyLine(services)).rejects.toMatchObject({
      code: 'HELD_OUT_PROTECTED',
      message: `${run} is queued, and workers would execute it on items that are to be held out. Let it finish, or take it out of the queue (\`pawl queue remove\`), and try again.`,
    });
    expect((await reopen(services)).revision).toBe(-1);
    await say({ type: 'RunDequeued', data: { run, why: 'withdrawn' } });
    expect((await openToyLine(services)).revision).toBeGreaterThan(0);
  });
});

import { describe, expect, it } from 'vitest';
import { projections } from '../../projections/catalogue.ts';
import type { Projection } from '../../projections/projection.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { LedgerReplay } from '../../src/loop/replay-ledger.ts';
import { ReplayReads, type RunHead } from '../../src/loop/replay-reads.ts';
import { foldRun } from '../../src/loop/replay-totals.ts';
import { forgeRecords } from '../support/forge-records.ts';
import { episodeOf } from '../support/story.ts';
import { toyTask } from '../support/toy-language.ts';
import { startToyRun, toyLedger, workOn } from '../support/toy-run.ts';

const tasks = 130;

async function longRun() {
  const store = openMemoryStore();
  const ledger = toyLedger(store, 'totals');
  const run = await startToyRun(ledger, {
    ...{ strategy: 'best-of-n', params: { candidates: 2 } },
    tasks: Array.from({ length: tasks }, (_, index) => toyTask(`t${index}`, 1)),
  });
  await workOn(ledger, run);
  return { store, ledger, run };
}

describe('the totals of a run', () => {
  it('are those of the projections, however many episodes it has', async () => {
    const { ledger, run } = await longRun();
    expect(await new LedgerReplay(ledger, { rederive: null }).stream(run)).toMatchObject({
      ...{ verdict: 'pass', finished: true },
    });
  });

  it.each(['candidates', 'executions', 'tokens'])(
    'of %s that an episode far back did not spend are found',
    async (what) => {
      const { store, run } = await longRun();
      const episode = episodeOf(run, tasks - 1);
      const ledger = await forgeRecords(store, (record) => {
        if (record.stream === episode && record.type === 'EpisodeFinished') record.data[what] = 1000;
      });
      expect(await new LedgerReplay(ledger, { rederive: null }).stream(run)).toMatchObject({
        verdict: 'diverged',
        divergence: {
          ...{ stream: episode, layer: 'content' },
          reason: 'EpisodeFinished was recorded with other totals than the projections come to',
          members: [{ member: what, recorded: 1000 }],
        },
      });
    },
  );

  it('are not believed of a projection that remembers something outside its state', async () => {
    const { ledger, run } = await longRun();
    const known = new WeakMap<object, number>();
    // It counts in a place that no stored state has, so it goes on differently when it is taken up again.
    const forgetful: Projection<unknown> = {
      ...{ name: 'forgetful', version: 3, initialState: () => ({ count: 0 }) },
      evolve: (state) => {
        const count = (known.get(state as object) ?? 0) + 1;
        known.set(state as object, count);
        return Object.assign(state as object, { count });
      },
    };
    const reads = new ReplayReads(ledger, null);
    const head = (await reads.run(run)) as RunHead;
    const folding = (more: readonly Projection<unknown>[]) =>
      reads.events(run).then((events) => foldRun(reads, head, events, [...projections, ...more]));
    expect((await folding([])).ends).toHaveLength(tasks);
    await expect(folding([forgetful])).rejects.toMatchObject({
      divergence: {
        reason: 'the projection forgetful version 3 comes to another state when it is stored on the way',
      },
    });
  });
});

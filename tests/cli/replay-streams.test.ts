import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { replayInWorkers } from '../../src/cli/replay-in-workers.ts';
import { replayStreams } from '../../src/cli/replay-streams.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { steppingClock } from '../../src/kernel/clock.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { replayScope } from '../../src/loop/replay-scope.ts';
import type { StreamReplay } from '../../src/loop/replay-verdict.ts';
import { sharedDirectory } from '../e2e/directory.ts';
import { copyLedger } from '../support/copy-ledger.ts';
import { episodeOf } from '../support/story.ts';
import { toyTask } from '../support/toy-language.ts';
import { startToyRun, toyLedger, workOn } from '../support/toy-run.ts';
import { recordingOutput } from './recording-output.ts';

const directory = sharedDirectory();
const path = join(directory, 'forged.db');
const episodes = 198;
let streams: readonly StreamName[] = [];
let run: StreamName;

beforeAll(async () => {
  const store = openMemoryStore();
  const ledger = toyLedger(store, 'workers');
  const tasks = Array.from({ length: episodes }, (_, index) => toyTask(`t${index}`, 1));
  run = await startToyRun(ledger, { strategy: 'best-of-n', params: { candidates: 1 }, tasks });
  await workOn(ledger, run);
  const forged = await openSqliteStore({ path, mode: 'write' });
  const copy = await copyLedger(
    store,
    {
      stream: episodeOf(run, 31),
      events: (events) =>
        events.map((event) =>
          event.type === 'FinalPicked' ? { ...event, data: { ...event.data, reason: 'budget' } } : event,
        ),
    },
    forged,
  );
  ({ streams } = await replayScope(copy, { kind: 'all' }, { sinceMs: null, untilMs: null }));
  await copy.close();
});

const reader = async () => toyLedger(await openSqliteStore({ path, mode: 'read' }), 'reader');
const inThreads = async (jobs: number) => {
  const ledger = await reader();
  const told: StreamReplay[] = [];
  const services = { clock: steppingClock(0, 1), output: recordingOutput(false) };
  try {
    const totals = await replayStreams(ledger, streams, jobs, services, (replay) => told.push(replay));
    return { totals, told };
  } finally {
    await ledger.close();
  }
};

describe('replay in several threads', () => {
  it('tells the same in the same order as in one', async () => {
    const [one, several] = [await inThreads(1), await inThreads(2)];
    expect(several).toEqual(one);
    expect(one.told.map(({ stream }) => stream)).toEqual(streams);
    expect(one.totals).toMatchObject({ streams: 200, episodes, diverged: 1, inconclusive: 0 });
    expect(one.told.filter(({ verdict }) => verdict !== 'pass').map(({ stream }) => stream)).toEqual([
      episodeOf(run, 31),
    ]);
  });

  it('says how far it has come when it takes long', async () => {
    const ledger = await reader();
    const output = recordingOutput(false);
    // Each reading of this clock is a second later.
    await replayStreams(ledger, streams.slice(0, 6), 1, { clock: steppingClock(0, 1000), output });
    await ledger.close();
    expect(output.notes.slice(0, 2)).toEqual(['replayed 2 of 6 streams …', 'replayed 4 of 6 streams …']);
  });

  it('ends with the coded error of the thread that failed', async () => {
    const gone = `sqlite:${join(directory, 'gone.db')}`;
    await expect(replayInWorkers(gone, streams, 2, () => undefined)).rejects.toMatchObject({
      code: 'LEDGER_NOT_FOUND',
    });
    const unknown = ['episode-nobody.0' as StreamName, ...streams];
    await expect(replayInWorkers(`sqlite:${path}`, unknown, 2, () => undefined)).rejects.toMatchObject({
      code: 'RUN_NOT_FOUND',
    });
  });

  it('of nothing is done at once', async () => {
    await replayInWorkers(`sqlite:${path}`, [], 2, () => undefined);
  });
});

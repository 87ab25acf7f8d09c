import { beforeAll, describe, expect, it } from 'vitest';
import { planImport } from '../../src/exchange/import-plan.ts';
import { importRun } from '../../src/exchange/import-run.ts';
import { recordedRunImporter } from '../../src/exchange/importers/recorded-run.ts';
import { rederiveImported } from '../../src/exchange/rederive-imported.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { steppingClock } from '../../src/kernel/clock.ts';
import type { EventStore } from '../../src/ledger/event-store.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { replayEpisode } from '../../src/loop/replay-episode.ts';
import { LedgerReplay, replayLedger } from '../../src/loop/replay-ledger.ts';
import type { Rederive } from '../../src/loop/replay-reads.ts';
import { replayScope } from '../../src/loop/replay-scope.ts';
import { loadSuite } from '../../src/tasks/registry.ts';
import { sharedDirectory } from '../e2e/directory.ts';
import { linesOf, row, writeRows, writeTasks } from '../exchange/recorded-rows.ts';
import { forgeRecords, type RawRecord } from '../support/forge-records.ts';
import { episodeOf } from '../support/story.ts';
import { eventsOf, toyLedger } from '../support/toy-run.ts';

const directory = sharedDirectory();
let store: EventStore;
let run: StreamName;
let episode: StreamName;
beforeAll(async () => {
  store = openMemoryStore();
  const suite = await loadSuite(`recorded:${writeTasks(directory, 3)}`);
  const content = linesOf([0, 1, 2].map((number) => row(number)));
  const plan = await planImport(writeRows(directory, content), recordedRunImporter, suite, null);
  ({ run } = await importRun(plan, {
    ledger: toyLedger(store, 'import'),
    writer: { actor: 'test', correlation: 'test' },
    clock: steppingClock(0, 1),
    onEpisode: () => undefined,
    pause: new AbortController().signal,
  }));
  episode = episodeOf(run, 1);
});

const forged = async (edit: (record: RawRecord) => void, rederive: Rederive | null = rederiveImported) => {
  const ledger = await forgeRecords(store, (record) => {
    if (record.stream === episode) edit(record);
  });
  return replayEpisode(ledger, episode, { rederive });
};

describe('an imported run', () => {
  it('passes: every event follows from its row, and every total from the events', async () => {
    const ledger = toyLedger(store, 'reader');
    const { streams } = await replayScope(ledger, { kind: 'run', run }, { sinceMs: null, untilMs: null });
    const report = await replayLedger(ledger, streams, { rederive: rederiveImported });
    expect(report).toMatchObject({ verdict: 'pass', streams: 5, episodes: 3, failures: [] });
    const events = await eventsOf(ledger, episode);
    const told = await replayEpisode(ledger, episode, { rederive: rederiveImported });
    // Nothing about it is a fact of its own.
    expect(told).toEqual({
      verdict: 'pass',
      events: events.length,
      decisions: events.length,
      finished: true,
    });
  });

  it('is inconclusive without an importer, or with one of another version', async () => {
    expect(await forged(() => undefined, null)).toMatchObject({
      verdict: 'inconclusive',
      missing: 'an importer of recorded-run',
    });
    const ledger = await forgeRecords(store, (record) => {
      const { imported, strategy } = record.data as { imported?: object; strategy?: object };
      if (record.type === 'RunStarted' && imported) Object.assign(imported, { formatVersion: 9 });
      if (strategy !== undefined) Object.assign(strategy, { version: 9 });
    });
    expect(await replayEpisode(ledger, episode, { rederive: rederiveImported })).toMatchObject({
      verdict: 'inconclusive',
      missing: expect.stringContaining('"recorded-run" version 9'),
    });
  });

  it('asks the importer for exactly what the run names, the stored row and the task', async () => {
    const asked: unknown[] = [];
    const rederive: Rederive = (format, text, task) => {
      asked.push([format.format, format.formatVersion, JSON.parse(text).task_id, task.id]);
      return rederiveImported(format, text, task);
    };
    await replayEpisode(toyLedger(store, 'reader'), episode, { rederive });
    expect(asked).toEqual([['recorded-run', 1, 'HumanEval/1', 'HumanEval/1']]);
  });

  it.each<readonly [what: string, edit: (record: RawRecord) => void, divergence: object]>([
    [
      'a verdict that the row does not say',
      (record) => {
        if (record.type === 'VerdictRecorded' && record.revision === 2) record.data['outcome'] = 'passed';
      },
      {
        revision: 2,
        layer: 'content',
        members: [{ member: 'outcome', asked: 'failed', recorded: 'passed' }],
      },
    ],
    [
      'a total that the row does not say',
      (record) => {
        if (record.type === 'EpisodeFinished') record.data['tokens'] = 1;
      },
      { layer: 'content', members: [{ member: 'tokens', asked: 100, recorded: 1 }] },
    ],
    [
      'another kind of event',
      (record) => {
        if (record.revision === 3) Object.assign(record, { type: 'CandidateScored' });
      },
      { revision: 3, layer: 'kind', asked: { type: 'FeedbackComposed' } },
    ],
    [
      'a source that is another row',
      (record) => {
        if (record.revision === 0) Object.assign(record.data, { source: record.data['view'] });
      },
      { revision: 0, layer: 'content', reason: expect.stringContaining('its source is no such row') },
    ],
    [
      'no source at all',
      (record) => {
        if (record.revision === 0) record.data['source'] = null;
      },
      { revision: 0, layer: 'content' },
    ],
  ])('with %s diverges', async (_, edit, divergence) => {
    expect(await forged(edit)).toMatchObject({ verdict: 'diverged', divergence });
  });

  it('with a feedback text that is another shows both texts', async () => {
    const program = (await eventsOf(toyLedger(store, 'reader'), episode))[1]?.data as { program: object };
    const told = await forged((record) => {
      if (record.type === 'FeedbackComposed') record.data['text'] = program.program;
    });
    expect(told).toMatchObject({ divergence: { revision: 3, texts: [{ member: 'text' }] } });
    const diff = told.verdict === 'diverged' ? told.divergence.texts[0]?.diff : '';
    expect(diff).toContain('-def double(x):');
    expect(diff).toContain('+assert double(2) == 4 # Real Execution Output: 2');
  });

  it('cannot be told of an episode of our own', async () => {
    const ledger = await forgeRecords(store, (record) => {
      if (record.stream === run && record.revision === 0) record.data['imported'] = null;
    });
    const replay = new LedgerReplay(ledger, { rederive: rederiveImported });
    expect(await replay.stream(episode)).toMatchObject({
      verdict: 'diverged',
      divergence: { revision: 0, members: [{ member: 'source' }, ...[]] },
    });
    expect(await replay.stream(run)).toMatchObject({ verdict: 'inconclusive' });
  });
});

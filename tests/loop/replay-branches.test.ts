import { describe, expect, it } from 'vitest';
import type { StreamName } from '../../src/kernel/brand.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { replayEpisode } from '../../src/loop/replay-episode.ts';
import { LedgerReplay } from '../../src/loop/replay-ledger.ts';
import { forgeRecords, type RawRecord } from '../support/forge-records.ts';
import { half, right, saying, wrong } from '../support/one-episode.ts';
import { episodeOf } from '../support/story.ts';
import { forkAndWork, forkRunAndWork, strategyWith } from '../support/toy-fork.ts';
import { toyTask } from '../support/toy-language.ts';
import { eventsOf, startToyRun, toyLedger, workOn } from '../support/toy-run.ts';

/** An episode of best-of-n that draws three programs, and one branched off it. */
async function family(changes: Parameters<typeof forkAndWork>[1] | object, programs = [wrong, half, right]) {
  const store = openMemoryStore();
  const ledger = toyLedger(store, 'family');
  const given = { strategy: 'best-of-n', params: { candidates: 3, stop: 'never' }, tasks: [toyTask('t', 2)] };
  const run = await startToyRun(ledger, given);
  await workOn(ledger, run, { generator: saying(...programs) });
  const parent = episodeOf(run);
  const branch = await forkAndWork(
    ledger,
    { episode: parent, ...changes },
    { generator: saying(...programs) },
  );
  return { store, ledger, parent, branch, run };
}

const is = (stream: StreamName, revision: number) => (record: RawRecord) =>
  record.stream === stream && record.revision === revision;

describe('a branch', () => {
  it.each<readonly [what: string, changes: object]>([
    ['that changes nothing', { at: 8 }],
    ['at the first event', { at: 0 }],
    ['under another strategy', { strategy: strategyWith('sequential-feedback', { candidates: 6 }) }],
    [
      'with other parameters',
      { at: 6, strategy: strategyWith('best-of-n', { candidates: 5, stop: 'never' }) },
    ],
    ['with another budget', { at: 6, budget: { candidates: 2 } }],
    ['with other draws', { at: 0, resample: true }],
  ])('%s passes, and so does its parent', async (_, changes) => {
    const { ledger, parent, branch } = await family(changes);
    for (const stream of [parent, branch.episode, branch.run]) {
      expect(await new LedgerReplay(ledger, { rederive: null }).stream(stream)).toMatchObject({
        ...{ stream, verdict: 'pass', finished: true },
      });
    }
  });

  it('of a whole run passes, episode by episode', async () => {
    const { ledger, run } = await family({ at: 8 });
    const branched = await forkRunAndWork(ledger, { run }, { generator: saying(wrong, half, right) });
    const replay = new LedgerReplay(ledger, { rederive: null });
    expect(await replay.stream(branched)).toMatchObject({ verdict: 'pass' });
    expect(await replay.stream(episodeOf(branched))).toMatchObject({ verdict: 'pass', finished: true });
  });

  it('decides again what it repeats as long as nothing was changed, and only what is its own otherwise', async () => {
    const at = 8;
    const same = await family({ at });
    const other = await family({ at, strategy: strategyWith('best-of-n', { candidates: 5, stop: 'never' }) });
    const counts = [];
    for (const { ledger, branch } of [same, other]) {
      const told = await replayEpisode(ledger, branch.episode);
      expect(told.verdict).toBe('pass');
      const outcomes = branch.events.slice(1).filter(({ type, data }) => {
        const isGenerated = type === 'CandidateGenerated' && data.key !== null;
        return isGenerated || type === 'ExecutionFinished' || type === 'CandidateRejected';
      });
      counts.push([told.verdict === 'pass' ? told.decisions : 0, branch.events.length, outcomes.length]);
    }
    const [[decided, events, outcomes] = [], [ownDecided, ownEvents, ownOutcomes] = []] = counts;
    expect(decided).toBe((events ?? 0) - (outcomes ?? 0));
    // The first eight are the parent's: whatever they are, they are not decided by the other strategy.
    expect(ownDecided).toBeLessThan((ownEvents ?? 0) - (ownOutcomes ?? 0));
  });
});

describe('a forged branch', () => {
  const forged = async (edit: (record: RawRecord) => void, changes: object = { at: 8 }) => {
    const { store, branch, parent } = await family(changes);
    const ledger = await forgeRecords(store, (record) => {
      if (record.stream === branch.episode) edit(record);
    });
    return { told: await replayEpisode(ledger, branch.episode), branch, parent };
  };

  it('that repeats an event otherwise than it was shows both', async () => {
    const { told, branch, parent } = await forged((record) => {
      if (record.revision === 3) record.data['steps'] = 77;
    });
    expect(told).toMatchObject({
      verdict: 'diverged',
      divergence: {
        ...{ stream: branch.episode, revision: 3, layer: 'content' },
        reason: `revision 3 of ${parent} is repeated otherwise than it was recorded`,
        members: [{ member: 'steps', recorded: 77 }],
      },
    });
  });

  it('that does not say where a repeated event comes from', async () => {
    const { told, parent } = await forged((record) => {
      if (record.revision === 4) record.causation = null;
    });
    expect(told).toMatchObject({
      divergence: {
        ...{ revision: 4, layer: 'history' },
        reason: `it does not name revision 4 of ${parent} as where it comes from`,
      },
    });
  });

  it('that took over an answer otherwise than it was recorded', async () => {
    const changes = { at: 0 };
    const { branch } = await family(changes);
    const generated = branch.events.find(({ type }) => type === 'CandidateGenerated');
    const { told } = await forged((record) => {
      if (record.revision === generated?.revision) record.data['note'] = 'my own idea';
    }, changes);
    expect(told).toMatchObject({
      divergence: {
        ...{ revision: generated?.revision, layer: 'content' },
        reason: 'it was taken over otherwise than it was recorded',
        members: [{ member: 'note', asked: 'sample 0', recorded: 'my own idea' }],
      },
    });
  });

  it('that names an event of the parent which is no answer to it', async () => {
    const changes = { at: 0 };
    const { branch, ledger, parent } = await family(changes);
    const [start] = await eventsOf(ledger, parent);
    const generated = branch.events.find(({ type }) => type === 'CandidateGenerated');
    const { told } = await forged((record) => {
      if (record.revision === generated?.revision) record.causation = start?.id ?? null;
    }, changes);
    expect(told).toMatchObject({ divergence: { revision: generated?.revision, layer: 'history' } });
  });

  it('that says it was branched elsewhere', async () => {
    const { told } = await forged((record) => {
      if (record.revision === 0) (record.data['forkedFrom'] as { revision: number }).revision = 5;
    });
    expect(told).toMatchObject({
      divergence: {
        ...{ revision: 0, layer: 'content' },
        members: [{ member: 'forkedFrom.revision', asked: 8, recorded: 5 }],
      },
    });
  });

  it('whose parent is gone is inconclusive; one whose parent is too short diverges', async () => {
    const { store, branch, run } = await family({ at: 8 });
    const gone = 'episode-gone.0' as StreamName;
    const elsewhere = (stream: StreamName, revision: number) =>
      forgeRecords(store, (record) => {
        if (is(branch.run, 0)(record)) record.data['forkedFrom'] = { stream, revision };
        if (is(branch.episode, 0)(record)) record.data['forkedFrom'] = { episode: stream, revision };
      });
    expect(await replayEpisode(await elsewhere(gone, 8), branch.episode)).toMatchObject({
      ...{ verdict: 'inconclusive', missing: expect.stringContaining(gone) },
    });
    expect(await replayEpisode(await elsewhere(episodeOf(run), 200), branch.episode)).toMatchObject({
      ...{ verdict: 'diverged', divergence: { layer: 'content' } },
    });
  });

  it('is not believed to be what it branched off when it was cut short', async () => {
    const { store, branch, parent } = await family({ at: 8 });
    const short = toyLedger(openMemoryStore(), 'short');
    for await (const digest of store.blobDigests())
      await short.putBlobs([{ digest, bytes: await store.getBlob(digest) }]);
    for await (const { stream, revision, id, bytes } of store.readAll()) {
      if (stream === branch.episode && revision > 4) continue;
      if (stream === branch.run && revision > 2) continue;
      await short.store.append({
        stream,
        expectedRevision: revision - 1,
        records: [{ id, bytes }],
        blobs: [],
      });
    }
    expect(await replayEpisode(short, branch.episode)).toMatchObject({
      divergence: { revision: 5, reason: `history ends before it has repeated revision 5 of ${parent}` },
    });
  });
});

describe('data that no event has', () => {
  it('is a divergence where it tells of an outcome, and no crash', async () => {
    const { store, parent } = await family({ at: 8 });
    for (const [revision, data] of [
      [0, { run: 7 }],
      [2, {}],
      [2, { key: { ordinal: 0, occurrence: 0, attempt: 0 }, candidate: sha256Hex('x') }],
      [4, { result: 'none' }],
    ] as const) {
      const ledger = await forgeRecords(store, (record) => {
        if (is(parent, revision)(record)) record.data = structuredClone(data) as Record<string, unknown>;
      });
      expect(await replayEpisode(ledger, parent)).toMatchObject({
        verdict: 'diverged',
        divergence: { revision },
      });
    }
  });
});

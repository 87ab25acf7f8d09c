import { beforeAll, describe, expect, it } from 'vitest';
import type { Digest } from '../../src/kernel/brand.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { blobRefsOf } from '../../src/ledger/blob-refs.ts';
import type { EventStore } from '../../src/ledger/event-store.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { replayEpisode } from '../../src/loop/replay-episode.ts';
import { LedgerReplay, replayLedger } from '../../src/loop/replay-ledger.ts';
import { replayScope } from '../../src/loop/replay-scope.ts';
import { forgeRecords, type RawRecord } from '../support/forge-records.ts';
import { repairedEpisode } from '../support/repaired-episode.ts';
import { splitRun } from '../support/split-run.ts';
import { eventsOf, toyLedger } from '../support/toy-run.ts';

let episode: Awaited<ReturnType<typeof repairedEpisode>>;
beforeAll(async () => {
  episode = await repairedEpisode();
});
const options = { rederive: null };

/** The same store, of which everything that writes throws. */
function readOnly(store: EventStore): EventStore {
  const reading = new Set(['address', 'readStream', 'readAll', 'readTexts', 'readLeaves', 'lastRevision']);
  for (const name of ['streams', 'getBlob', 'blobStanding', 'blobDigests', 'head']) reading.add(name);
  return new Proxy(store, {
    get(target, name) {
      if (!reading.has(String(name))) throw new Error(`replay reached for ${String(name)}`);
      const member = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

describe('replay never falls through to a live call', () => {
  it('of the ledger: nothing but reading is asked of it, for streams of every kind', async () => {
    const { store, run } = await splitRun();
    const ledger = toyLedger(readOnly(store), 'reader');
    for (const what of [{ kind: 'all' }, { kind: 'run', run }] as const) {
      const { streams } = await replayScope(ledger, what, { sinceMs: 0, untilMs: null });
      expect(await replayLedger(ledger, streams, options)).toMatchObject({ verdict: 'pass', streams: 6 });
    }
  });

  it('of the ports: where history has no answer it ends, and a generator or sandbox that throws is not asked', async () => {
    const { store, stream, generator, sandbox } = episode;
    const before = [generator.requests.length, sandbox.performed.length];
    const refuse = (): never => {
      throw new Error('a port was asked during replay');
    };
    Object.assign(generator, { generate: refuse });
    Object.assign(sandbox, { execute: refuse });
    const events = await eventsOf(toyLedger(store, 'reader'), stream);
    for (const { revision, type } of events) {
      if (revision === 0) continue;
      // Everything from this event on is taken away, as if it had never been recorded.
      const cut = await cutAt(store, stream, revision);
      const told = await replayEpisode(toyLedger(readOnly(cut), 'reader'), stream);
      const isOutcome = /^(CandidateGenerated|ExecutionFinished)$/.test(type) && revision > 1;
      if (isOutcome) expect(told, type).toMatchObject({ verdict: 'pass', events: revision, finished: false });
      else
        expect(told, type).toMatchObject({ verdict: 'diverged', divergence: { revision, layer: 'history' } });
    }
    expect([generator.requests.length, sandbox.performed.length]).toEqual(before);
  });
});

async function cutAt(store: EventStore, stream: string, revision: number): Promise<EventStore> {
  const cut = openMemoryStore();
  for await (const digest of store.blobDigests())
    await cut.putBlobs([{ digest, bytes: await store.getBlob(digest) }]);
  for await (const record of store.readAll()) {
    if (record.stream === stream && record.revision >= revision) continue;
    const records = [{ id: record.id, bytes: record.bytes }];
    await cut.append({ ...record, expectedRevision: record.revision - 1, records, blobs: [] });
  }
  return cut;
}

const put = async (store: EventStore, text: string) => {
  const bytes = Buffer.from(text);
  const digest = sha256Hex(bytes);
  await store.putBlobs([{ digest, bytes }]);
  return { digest, bytes: bytes.length };
};

describe('what was forged is shown beside what was asked', () => {
  const forged = async (type: string, member: string, edit: (text: string) => string) => {
    const { store, ledger, stream } = episode;
    const event = (await eventsOf(ledger, stream)).find((each) => each.type === type);
    const ref = (event?.data as Record<string, unknown> | undefined)?.[member] as { digest: Digest };
    const copy = await forgeRecords(store, () => undefined);
    const other = await put(copy.store, edit(await ledger.getText(ref.digest)));
    const rewritten = await forgeRecords(copy.store, (record: RawRecord) => {
      if (record.stream === stream && record.revision === event?.revision) record.data[member] = other;
    });
    const told = await replayEpisode(rewritten, stream);
    if (told.verdict !== 'diverged') throw new Error('a forgery passed');
    return { ...told.divergence, at: event?.revision };
  };

  it('a prompt that was written otherwise, as a diff of the two texts', async () => {
    const told = await forged('GenerationRequested', 'prompt', (text) => text.replace('f(0)', 'g(0)'));
    expect(told).toMatchObject({ revision: told.at, layer: 'content' });
    expect(told.members.map(({ member }) => member)).toEqual(['prompt.digest']);
    expect(told.texts).toEqual([
      { member: 'prompt', diff: expect.stringContaining('--- recorded\n+++ asked\n') },
    ]);
    const lines = told.texts[0]?.diff.split('\n') ?? [];
    expect(lines.filter((line) => /^-[^-]/.test(line))).toEqual(['-g(0) // 0']);
    expect(lines.filter((line) => /^\+[^+]/.test(line))).toEqual(['+f(0) // 0']);
  });

  it('a feedback text that flatters, as a diff of the two texts', async () => {
    const told = await forged('FeedbackComposed', 'text', (text) => text.replace('failed', 'passed'));
    expect(told).toMatchObject({ revision: told.at, layer: 'content' });
    const lines = told.texts[0]?.diff.split('\n') ?? [];
    expect(lines).toContain('-Outcome: passed. 0 of 2 public tests passed.');
    expect(lines).toContain('+Outcome: failed. 0 of 2 public tests passed.');
  });

  it('a score, member by member', async () => {
    const { store, stream } = episode;
    const ledger = await forgeRecords(store, (record) => {
      if (record.stream === stream && record.type === 'CandidateScored')
        record.data = { ...record.data, value: 1, components: { passed: 2, total: 2, charm: 9 } };
    });
    expect(await replayEpisode(ledger, stream)).toMatchObject({
      divergence: {
        layer: 'content',
        members: [
          { member: 'value', asked: 0, recorded: 1 },
          { member: 'components.passed', asked: 0, recorded: 2 },
          { member: 'components.charm', recorded: 9 },
        ],
      },
    });
  });

  it('a text that cannot be shown, with the reason', async () => {
    const { store, stream } = episode;
    const digest = sha256Hex('never stored');
    const ledger = await forgeRecords(store, (record) => {
      if (record.stream === stream && record.type === 'GenerationRequested')
        record.data['prompt'] = { digest, bytes: 12 };
    });
    expect(await replayEpisode(ledger, stream)).toMatchObject({
      divergence: { texts: [{ diff: `(cannot be shown: No blob ${digest} is in the ledger.)` }] },
    });
  });
});

describe('a blob that was erased', () => {
  it('leaves every stream that refers to it inconclusive, whatever it held', async () => {
    const { store } = await splitRun();
    const reader = toyLedger(store, 'reader');
    const users = new Map<Digest, Set<string>>();
    for await (const { stream, data } of reader.readAll()) {
      for (const { digest } of blobRefsOf(data))
        users.set(digest, (users.get(digest) ?? new Set()).add(stream));
    }
    expect(users.size).toBeGreaterThan(20);
    for (const [digest, streams] of users) {
      const copy = await forgeRecords(store, () => undefined);
      await copy.store.eraseBlob(digest);
      const replay = new LedgerReplay(copy, options);
      for (const stream of streams) {
        expect(await replay.stream(stream as never), `${digest} of ${stream}`).toMatchObject({
          verdict: 'inconclusive',
          missing: `blob erased: ${digest}`,
        });
      }
    }
  });

  it('does not hide a divergence that comes before it', async () => {
    const { store, stream, ledger } = episode;
    const events = await eventsOf(ledger, stream);
    const last = events.findLast(({ type }) => type === 'ExecutionFinished');
    const [ref] = blobRefsOf(last?.data);
    const copy = await forgeRecords(store, (record) => {
      if (record.stream === stream && record.revision === 2) record.data['input'] = sha256Hex('other');
    });
    await copy.store.eraseBlob(ref?.digest as Digest);
    expect(await replayEpisode(copy, stream)).toMatchObject({
      ...{ verdict: 'diverged', divergence: { revision: 2, layer: 'input' } },
    });
  });
});

import { describe, expect, it } from 'vitest';
import { planImport } from '../../src/exchange/import-plan.ts';
import { importRun } from '../../src/exchange/import-run.ts';
import { recordedRunImporter } from '../../src/exchange/importers/recorded-run.ts';
import { rederiveImported } from '../../src/exchange/rederive-imported.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { steppingClock } from '../../src/kernel/clock.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import type { EventStore } from '../../src/ledger/event-store.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { verifyLedger } from '../../src/ledger/verify-ledger.ts';
import { loadSuite } from '../../src/tasks/registry.ts';
import { parseTaskView } from '../../src/tasks/serialize.ts';
import { temporaryDirectory } from '../ledger/temporary-directory.ts';
import { FaultyStore, faults } from '../support/faulty-store.ts';
import { episodeOf } from '../support/story.ts';
import { eventsOf, toyLedger } from '../support/toy-run.ts';
import { linesOf, row, writeRows, writeTasks } from './recorded-rows.ts';

const episodes = 3;
/** The suite, the run with its schedule, an episode each, the run's end. */
const appends = 1 + 1 + episodes + 1;
const content = linesOf(Array.from({ length: episodes }, (_, number) => row(number)));

interface Import {
  readonly content?: string;
  readonly label?: string;
  readonly limit?: number;
  readonly pause?: AbortController;
}

async function importInto(
  store: EventStore,
  { content: text = content, label = 'import', limit, pause }: Import = {},
) {
  const directory = temporaryDirectory();
  const suite = await loadSuite(`recorded:${writeTasks(directory, episodes)}`);
  const ledger = toyLedger(store, label);
  const seen: StreamName[] = [];
  const plan = await planImport(writeRows(directory, text), recordedRunImporter, suite, limit ?? null);
  const outcome = await importRun(plan, {
    ledger,
    writer: { actor: 'test', correlation: 'test' },
    clock: steppingClock(0, 1),
    onEpisode: (_, stream) => {
      seen.push(stream);
      pause?.abort();
    },
    pause: pause?.signal ?? new AbortController().signal,
  });
  return { ...outcome, ledger, seen };
}

/** All that an import wrote, without what differs between two writings. */
async function written(store: EventStore): Promise<unknown> {
  const events = await Array.fromAsync(toyLedger(store, 'reader').readAll());
  return events
    .map(({ stream, revision, type, data }) => ({
      ...{ stream, revision, type },
      data: type === 'RunFinished' ? { ...data, volatile: null } : data,
    }))
    .sort((left, right) =>
      `${left.stream} ${left.revision}` < `${right.stream} ${right.revision}` ? -1 : 1,
    );
}

describe('an import', () => {
  it('writes a run that says where it comes from, in the order in which runs begin', async () => {
    const store = openMemoryStore();
    const { run, ledger, ...outcome } = await importInto(store);
    expect(outcome).toMatchObject({
      status: 'imported',
      episodes: 3,
      programs: 9,
      publicPass: 3,
      hiddenPass: 3,
    });
    const [started, granted, ...rest] = await eventsOf(ledger, run);
    expect(started?.data).toEqual({
      suite: (await loadSuite(`recorded:${writeTasks(temporaryDirectory(), episodes)}`)).digest,
      ...{ suiteName: 'recorded-humaneval', split: null, sandbox: [], seed: 'imported', tasks: 3 },
      strategy: { name: 'recorded-run', version: 1, params: {} },
      generator: { name: 'recorded', version: 1, config: { model: 'toy', file: sha256Hex(content) } },
      generatorSpec: 'recorded:toy.results.jsonl',
      scorer: { name: 'tests', version: 1 },
      group: run.slice('run-'.length),
      ...{ prompt: null, flags: [1], forkedFrom: null },
      imported: {
        ...{ format: 'recorded-run', formatVersion: 1, name: 'toy.results.jsonl' },
        file: sha256Hex(content),
      },
    });
    const unlimited = { candidates: null, executions: null, tokens: null, stepsPerExecution: null };
    expect(granted?.data).toEqual({ episode: unlimited, runWallMs: null });
    expect(rest.map(({ type }) => type)).toEqual([...Array(3).fill('EpisodeScheduled'), 'RunFinished']);
    expect(rest.at(-1)?.data).toMatchObject({ episodes: 3, publicPass: 3, hiddenPass: 3 });
    expect(outcome.seen).toEqual([0, 1, 2].map((index) => episodeOf(run, index)));
  });

  it('keeps the row each episode comes from, and from it all of its events can be derived again', async () => {
    const store = openMemoryStore();
    const { run, ledger } = await importInto(store);
    const [started, ...events] = await eventsOf(ledger, episodeOf(run, 1));
    if (started?.type !== 'EpisodeStarted' || started.data.source === null) throw new Error('no source');
    const text = await ledger.getText(started.data.source.digest);
    expect(text).toBe(content.split('\n')[1]);
    const view = parseTaskView(await ledger.getBlob(started.data.view.digest));
    const derived = rederiveImported({ format: 'recorded-run', formatVersion: 1 }, text, view);
    expect(events.map(({ type, data }) => ({ type, data }))).toEqual(derived);
  });

  it('verifies, blobs and all', async () => {
    const store = openMemoryStore();
    await importInto(store);
    expect(await verifyLedger(store)).toMatchObject({ ok: true, problemCount: 0, streams: 5, blobs: 11 });
  });

  it('of the same file again writes nothing and says so; of another limit or file it is another run', async () => {
    const store = openMemoryStore();
    const first = await importInto(store);
    const { size } = await store.head();
    const again = await importInto(store, { label: 'again' });
    expect(again).toMatchObject({ run: first.run, status: 'present', episodes: 3, seen: [] });
    expect((await store.head()).size).toBe(size);
    const fewer = await importInto(store, { label: 'fewer', limit: 2 });
    expect(fewer).toMatchObject({ status: 'imported', episodes: 2, programs: 6 });
    const other = await importInto(store, { label: 'other', content: `${content}\n` });
    expect(new Set([first.run, fewer.run, other.run]).size).toBe(3);
  });

  it('writes nothing at all when a row is wrong, be it the last', async () => {
    const store = openMemoryStore();
    for (const bad of [
      linesOf([row(0), row(1), { ...row(2), is_solved: 'yes' }]),
      linesOf([row(0), row(1), { ...row(2), entry_point: 'triple' }]),
      linesOf([row(0), row(7)]),
      content.slice(0, -30),
    ]) {
      await expect(importInto(store, { content: bad })).rejects.toMatchObject({ code: 'IMPORT_INVALID' });
    }
    await expect(importInto(store, { content: linesOf([row(0), row(7)]) })).rejects.toThrow(
      /toy\.results\.jsonl, line 2: it is about the task "HumanEval\/7", which recorded-humaneval does not have\.$/,
    );
    expect((await store.head()).size).toBe(0);
    expect(await Array.fromAsync(store.blobDigests())).toEqual([]);
  });

  it('that stopped half-way goes on where it was, and the end is that of one that went straight through', async () => {
    const straight = openMemoryStore();
    await importInto(straight);
    const store = openMemoryStore();
    const pause = new AbortController();
    pause.abort();
    expect(await importInto(store, { pause })).toMatchObject({ status: 'paused', episodes: 0 });
    expect(await importInto(store, { label: 'again' })).toMatchObject({ status: 'imported', episodes: 3 });
    expect(await written(store)).toEqual(await written(straight));
  });
});

describe('an import with a fault at an append', () => {
  const cases = faults.flatMap((fault) =>
    Array.from({ length: appends }, (_, index) => [fault, index + 1] as const),
  );

  it.each(cases)(
    '%s at append %i: the same import again makes it whole, and nothing is double',
    async (fault, at) => {
      const straight = openMemoryStore();
      await importInto(straight);
      const store = openMemoryStore();
      const passes = fault === 'fails before' || fault === 'acknowledgement lost';
      const hit = new FaultyStore(store, fault, at);
      const outcome = await importInto(hit, { label: 'first' }).catch((error: Error) => error.message);
      // The suite is registered without a second try; everything after it is.
      if (passes && at > 1) expect(outcome).toMatchObject({ status: 'imported' });
      const again = await importInto(store, { label: 'second' });
      expect(['imported', 'present']).toContain(again.status);
      expect(again).toMatchObject({ episodes: 3, publicPass: 3, hiddenPass: 3 });
      expect(await written(store)).toEqual(await written(straight));
    },
  );

  it('two at the same time write one run', async () => {
    const straight = openMemoryStore();
    await importInto(straight);
    const store = openMemoryStore();
    // Registering a suite has one winner already; what is raced for here is the run.
    await importInto(store, { label: 'suite', limit: 1 });
    const outcomes = await Promise.all(['left', 'right'].map((label) => importInto(store, { label })));
    expect(new Set(outcomes.map(({ run }) => run)).size).toBe(1);
    const [{ run } = { run: '' as StreamName }] = outcomes;
    const events = (await written(store)) as readonly { readonly stream: string }[];
    const mine = events.filter(({ stream }) => stream.includes(run.slice('run-'.length)));
    const whole = (await written(straight)) as readonly { readonly stream: string }[];
    expect(mine).toEqual(whole.filter(({ stream }) => !stream.startsWith('suite-')));
  });
});

describe('an import into a file', () => {
  it('is there when the file is opened again', async () => {
    const path = `${temporaryDirectory()}/pawl.db`;
    const first = await openSqliteStore({ path, mode: 'write', create: true });
    const { run } = await importInto(first);
    await first.close();
    const second = await openSqliteStore({ path, mode: 'write', create: false });
    expect(await importInto(second, { label: 'again' })).toMatchObject({ run, status: 'present' });
    await second.close();
  });
});

import { describe, expect, it } from 'vitest';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import type { EventStore } from '../../src/ledger/event-store.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { verifyLedger } from '../../src/ledger/verify-ledger.ts';
import { forkEpisode } from '../../src/loop/fork-episode.ts';
import { forkRun } from '../../src/loop/fork-run.ts';
import { type Fault, FaultyStore, faults } from '../support/faulty-store.ts';
import { ScriptedGenerator } from '../support/scripted-generator.ts';
import { ScriptedSandbox } from '../support/scripted-sandbox.ts';
import { episodeOf } from '../support/story.ts';
import { forkServices, strategyWith, told } from '../support/toy-fork.ts';
import { toyTask } from '../support/toy-language.ts';
import { eventsOf, startToyRun, toyLedger, workOn } from '../support/toy-run.ts';

const tasks = [toyTask('plain', 2), toyTask('given', 3, { 'f(0)': '7' })];
/** The session goes on by itself after these. */
const passing: readonly Fault[] = ['fails before', 'acknowledgement lost'];

/** A finished run in a new store, and a branch of it that is written down: with copies, recorded answers and new effects. */
async function branched(kind: 'episode' | 'run'): Promise<{ store: EventStore; run: StreamName }> {
  const store = openMemoryStore();
  const ledger = toyLedger(store, 'parent');
  const parent = await startToyRun(ledger, {
    strategy: 'best-of-n',
    params: { candidates: 3, stop: 'never' },
    tasks,
  });
  await workOn(ledger, parent);
  const services = forkServices(ledger, 'branch');
  const strategy = strategyWith('best-of-n', { candidates: 5, stop: 'never' });
  if (kind === 'run') return { store, run: (await forkRun({ run: parent, strategy }, services)).run };
  const { run } = await forkEpisode({ episode: episodeOf(parent, 1), at: 5, strategy }, services);
  return { store, run };
}

/** One session; what it performed, and whether the run came to its end. */
async function session(store: EventStore, run: StreamName, label: string) {
  const generator = new ScriptedGenerator();
  const sandbox = new ScriptedSandbox();
  const finished = await workOn(toyLedger(store, label), run, { generator, sandbox }).then(
    ({ status }) => status === 'finished',
    () => false,
  );
  return { finished, performed: [...generator.performed, ...sandbox.performed] };
}

async function branchEvents(store: EventStore, run: StreamName) {
  const ledger = toyLedger(store, 'reader');
  const streams = (await Array.fromAsync(ledger.streams('episode-'))).filter((name) =>
    name.startsWith(episodeOf(run).slice(0, -1)),
  );
  return Promise.all(streams.sort().map((stream) => eventsOf(ledger, stream)));
}

/** What does not depend on how often it was begun: events, and for each whether and from where it was taken over. */
async function comparable(store: EventStore, run: StreamName) {
  const byId = new Map<string, string>();
  for await (const event of toyLedger(store, 'reader').readAll()) byId.set(event.id, placeOf(event));
  return (await branchEvents(store, run)).map((events) => ({
    told: told(events),
    causes: events.map(({ causation }) => (causation === null ? null : byId.get(causation))),
  }));
}

const placeOf = ({ stream, revision }: AnyRecordedEvent) => `${stream} ${revision}`;

describe.each(['episode', 'run'] as const)('a branched %s', (kind) => {
  it.each(faults)('comes to the same streams whichever append %s', async (fault) => {
    const whole = await branched(kind);
    const counting = new FaultyStore(whole.store, null, 0);
    const undisturbed = await session(counting, whole.run, 'only');
    const wanted = await comparable(whole.store, whole.run);
    expect(undisturbed.finished).toBe(true);
    expect(undisturbed.performed.length).toBeGreaterThan(2);
    expect(counting.appends).toBeGreaterThan(6);
    for (let at = 1; at <= counting.appends; at += 1) {
      const { store, run } = await branched(kind);
      expect(run).toBe(whole.run);
      const first = await session(new FaultyStore(store, fault, at), run, 'first');
      expect(first.finished, `append ${at}`).toBe(passing.includes(fault));
      const second = await session(store, run, 'second');
      expect(second.finished, `append ${at}`).toBe(true);
      expect(await comparable(store, run), `append ${at}`).toEqual(wanted);
      // What was recorded is not asked for again; what was lost with the process has to be.
      const again = second.performed.filter((effect) => first.performed.includes(effect));
      expect(again.length, `append ${at}`).toBeLessThanOrEqual(passing.includes(fault) ? 0 : 1);
      expect((await verifyLedger(store)).problems).toEqual([]);
    }
  });
});

it('a parent that grows before the branch is resumed answers more, and nothing differently', async () => {
  const store = openMemoryStore();
  const ledger = toyLedger(store, 'parent');
  const setting = { strategy: 'sequential-feedback', params: { candidates: 4 }, tasks };
  const parent = await startToyRun(ledger, setting);
  // The parent's process dies early.
  await session(new FaultyStore(store, 'dies after', 3), parent, 'dying');
  const before = await eventsOf(ledger, episodeOf(parent));
  expect(before.at(-1)?.type).toBe('ExecutionRequested');
  const services = forkServices(ledger, 'branch');
  const { run, revision } = await forkEpisode({ episode: episodeOf(parent) }, services);
  expect(revision).toBe(before.length - 1);
  await workOn(ledger, parent);
  const { finished, performed } = await session(store, run, 'branch');
  expect({ finished, performed }).toEqual({ finished: true, performed: [] });
  expect(told(await eventsOf(ledger, episodeOf(run)))).toEqual(
    told(await eventsOf(ledger, episodeOf(parent))),
  );
});

it('an effect that nobody answered is performed, under its own key, from a parent that never went on', async () => {
  const store = openMemoryStore();
  const ledger = toyLedger(store, 'parent');
  const setting = { strategy: 'sequential-feedback', params: { candidates: 4 }, tasks };
  const parent = await startToyRun(ledger, setting);
  await session(new FaultyStore(store, 'dies after', 3), parent, 'dying');
  const before = await eventsOf(ledger, episodeOf(parent));
  const { run } = await forkEpisode({ episode: episodeOf(parent) }, forkServices(ledger, 'branch'));
  const { finished, performed } = await session(store, run, 'branch');
  const pending = before.at(-1);
  expect(finished).toBe(true);
  expect(performed[0]).not.toBe(undefined);
  expect(performed).toContain(pending?.type === 'ExecutionRequested' ? pending.data.input : '');
  // The same as what the parent comes to when it is resumed.
  await workOn(ledger, parent);
  expect(told(await eventsOf(ledger, episodeOf(run)))).toEqual(
    told(await eventsOf(ledger, episodeOf(parent))),
  );
});

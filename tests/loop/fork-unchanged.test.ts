import { describe, expect, it } from 'vitest';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import type { Json } from '../../src/kernel/json.ts';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { emptyAccount, forkAccount } from '../../src/loop/fork-account.ts';
import { replayEpisode } from '../../src/loop/replay-episode.ts';
import { Gate, settle } from '../support/gate.ts';
import { ScriptedGenerator } from '../support/scripted-generator.ts';
import { ScriptedSandbox } from '../support/scripted-sandbox.ts';
import { episodeOf } from '../support/story.ts';
import { deafPorts, forkAndWork, forkRunAndWork, told } from '../support/toy-fork.ts';
import { toyTask } from '../support/toy-language.ts';
import { eventsOf, outcomeDigest, startToyRun, toyLedger, workOn } from '../support/toy-run.ts';

const tasks = [toyTask('plain', 2), toyTask('given', 3, { 'f(0)': '7' }), toyTask('wide', 4)];
const settings: readonly (readonly [strategy: string, params: Readonly<Record<string, Json>>])[] = [
  ['best-of-n', { candidates: 4 }],
  ['best-of-n', { candidates: 7, width: 3, stop: 'never' }],
  ['sequential-feedback', { candidates: 4 }],
  ['unary-retry', { candidates: 4 }],
];

/** Fails some first attempts and some effects for good, by what they are called. */
const trouble = (name: unknown, call: number): PawlError | null => {
  const dice = seededRandom(`trouble ${JSON.stringify(name)}`);
  if (call === 1 && dice.float() < 0.25) return new PawlError('GENERATOR_FAILED', 'Busy. Try again.');
  return dice.float() < 0.08 ? new PawlError('GENERATOR_UNSUITABLE', 'Never.') : null;
};

/** A finished run whose effects ended in an order that a seed decides. */
async function parentRun(strategy: string, params: Readonly<Record<string, Json>>, budget = {}) {
  const ledger = toyLedger(openMemoryStore(), 'parent');
  const run = await startToyRun(ledger, { strategy, params, tasks, budget });
  const gate = new Gate();
  const random = seededRandom(`order of ${strategy} ${JSON.stringify(params)}`);
  let over = false;
  const generator = new ScriptedGenerator({ gate, fault: trouble });
  const sandbox = new ScriptedSandbox({ gate, fault: ({ seed }, call) => trouble(seed, call) });
  const ended = workOn(ledger, run, { generator, sandbox, clock: instantClock }).finally(() => {
    over = true;
  });
  while (!over) {
    await settle();
    if (gate.waiting.length > 0) gate.open(random.pick(gate.waiting));
  }
  await ended;
  return { ledger, run };
}

const instantClock = { now: () => Date.UTC(2026, 0, 1), monotonic: () => 0, sleep: async () => undefined };

/** Revisions that a branch may share, read off the stream: before the exam, and between whole commands. */
function openRevisions(events: readonly AnyRecordedEvent[]): readonly number[] {
  const exam = events.findIndex(
    ({ type, data }) => type === 'EpisodeFinished' || ('tests' in data && data.tests === 'hidden'),
  );
  return events.slice(0, exam).flatMap(({ type, data, revision }) => {
    const next = events[revision + 1];
    const halved =
      type === 'GenerationRequested' &&
      next?.type === 'GenerationRequested' &&
      next.data.key.ordinal === data.key.ordinal &&
      next.data.key.occurrence === data.key.occurrence + 1;
    return halved ? [] : [revision];
  });
}

describe.each(settings)('%s %j, branched with nothing changed', (strategy, params) => {
  it('at every revision is the same episode, and nothing is performed', async () => {
    const { ledger, run } = await parentRun(strategy, params);
    let branches = 0;
    for (const index of tasks.keys()) {
      const parent = await eventsOf(ledger, episodeOf(run, index));
      const open = openRevisions(parent);
      for (const at of parent.keys()) {
        const ports = deafPorts();
        const forking = forkAndWork(ledger, { episode: episodeOf(run, index), at }, ports);
        if (!open.includes(at)) {
          await expect(forking, `revision ${at}`).rejects.toMatchObject({ code: 'FORK_INVALID' });
          continue;
        }
        const { events, episode, revision } = await forking;
        expect(ports.asked(), `revision ${at}`).toEqual([]);
        expect(told(events), `revision ${at}`).toEqual(told(parent));
        expect(events[0]?.data).toEqual({
          ...parent[0]?.data,
          ...{ run: episode.replace(/^episode-(.*)\.0$/, 'run-$1'), index: 0 },
          forkedFrom: { episode: episodeOf(run, index), revision: at },
        });
        expect(revision).toBe(at);
        expect(await replayEpisode(ledger, episode)).toMatchObject({
          verdict: 'pass',
          finished: true,
        });
        branches += 1;
      }
    }
    expect(branches).toBeGreaterThan(30);
  });

  it('names as the cause of what it took over the event of the parent, and else the event before', async () => {
    const { ledger, run } = await parentRun(strategy, params);
    for (const index of tasks.keys()) {
      const parent = await eventsOf(ledger, episodeOf(run, index));
      const at = openRevisions(parent)[7] ?? 0;
      const { events } = await forkAndWork(ledger, { episode: episodeOf(run, index), at }, deafPorts());
      const causes = events.map(({ revision, type, data }) => {
        if (revision === 0) return null;
        const outcome =
          /^(Candidate(Generated|Rejected)|Generation(Failed)|Execution(Finished|Failed))$/.test(type);
        const adopted = type === 'CandidateGenerated' && data.key === null;
        const isTaken = revision <= at || (outcome && !adopted);
        return (isTaken ? parent[revision] : events[revision - 1])?.id;
      });
      expect(events.map(({ causation }) => causation)).toEqual(causes);
      expect(new Set([...parent, ...events].map(({ id }) => id)).size).toBe(2 * parent.length);
    }
  });

  it('as a whole run is the same run, answered to the last effect', async () => {
    const { ledger, run } = await parentRun(strategy, params);
    const ports = deafPorts();
    const fork = await forkRunAndWork(ledger, { run }, { ...ports, concurrency: 2 });
    expect(ports.asked()).toEqual([]);
    expect(await outcomeDigest(ledger, fork)).toBe(await outcomeDigest(ledger, run));
    for (const index of tasks.keys()) {
      const [ours, theirs] = await Promise.all(
        [fork, run].map((name) => eventsOf(ledger, episodeOf(name, index))),
      );
      expect(told(ours ?? [])).toEqual(told(theirs ?? []));
      const answers = (theirs ?? []).filter(
        ({ type, data }) =>
          /^(CandidateRejected|GenerationFailed)$/.test(type) ||
          (type === 'CandidateGenerated' && data.key !== null),
      ).length;
      const executions = (theirs ?? []).filter(({ type }) =>
        /^Execution(Finished|Failed)$/.test(type),
      ).length;
      expect(await forkAccount(ledger, episodeOf(fork, index))).toEqual({
        ...emptyAccount,
        reused: { generations: answers, executions, sameInput: 0 },
      });
    }
  });
});

it('a branch within a cut list of commands ends the same, also where the budget says so later', async () => {
  const { ledger, run } = await parentRun(
    'best-of-n',
    { candidates: 9, width: 4, stop: 'never' },
    { candidates: 6 },
  );
  const exhausted: string[] = [];
  for (const index of tasks.keys()) {
    const parent = await eventsOf(ledger, episodeOf(run, index));
    for (const at of openRevisions(parent)) {
      const ports = deafPorts();
      const { events } = await forkAndWork(ledger, { episode: episodeOf(run, index), at }, ports);
      expect(ports.asked()).toEqual([]);
      const types = (all: readonly AnyRecordedEvent[]) => all.map(({ type }) => type).sort();
      expect(types(events)).toEqual(types(parent));
      expect(told(events).slice(-4)).toEqual(told(parent).slice(-4));
      exhausted.push(...events.filter(({ type }) => type === 'BudgetExhausted').map(({ type }) => type));
    }
  }
  expect(exhausted.length).toBeGreaterThan(10);
});

import { describe, expect, it } from 'vitest';
import type { StreamName } from '../../src/kernel/brand.ts';
import { type Clock, steppingClock } from '../../src/kernel/clock.ts';
import type { EventStore } from '../../src/ledger/event-store.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { wallTimeUsed } from '../../src/loop/wall-time-used.ts';
import { FaultyStore } from '../support/faulty-store.ts';
import { settle } from '../support/gate.ts';
import { session } from '../support/gated-session.ts';
import { episodeOf, story } from '../support/story.ts';
import { toyTask } from '../support/toy-language.ts';
import { eventsOf, startToyRun, toyLedger, workOn } from '../support/toy-run.ts';

describe('wall time used', () => {
  it('is what the sessions said they took', () => {
    expect(
      wallTimeUsed(
        [
          { at: 0, wallMs: 30 },
          { at: 1000, wallMs: 12 },
        ],
        [5, 900, 1001],
      ),
    ).toBe(42);
  });

  it('of a killed session goes up to its last event, and idle time is nobody’s', () => {
    const sessions = [
      { at: 0, wallMs: null },
      { at: 10_000, wallMs: null },
      { at: 50_000, wallMs: 7 },
    ];
    expect(wallTimeUsed(sessions, [20, 1000, 10_300, 10_100, 50_001])).toBe(980 + 300 + 7);
  });

  it('of a session that was killed before anything happened is nothing', () => {
    expect(wallTimeUsed([{ at: 0, wallMs: null }], [])).toBe(0);
    const sessions = [
      { at: 0, wallMs: null },
      { at: 100, wallMs: null },
    ];
    expect(wallTimeUsed(sessions, [])).toBe(0);
  });

  it('is never negative, also when the clock was set back', () => {
    expect(wallTimeUsed([{ at: 1000, wallMs: null }], [900, 800])).toBe(100);
    expect(
      wallTimeUsed(
        [
          { at: 0, wallMs: 1 },
          { at: 5000, wallMs: null },
        ],
        [20],
      ),
    ).toBe(1);
  });
});

const tasks = [toyTask('a', 2), toyTask('b', 3), toyTask('c', 4)];
const setting = { strategy: 'best-of-n', params: { candidates: 8, stop: 'never' }, tasks };
const startMs = Date.UTC(2026, 0, 1);

/** A clock that stands still until it is put forward. */
function handClock(at: number): Clock & { forward(ms: number): void } {
  let now = at;
  return {
    now: () => now,
    monotonic: () => now,
    sleep: async () => undefined,
    forward: (ms) => {
      now += ms;
    },
  };
}

async function tellAll(store: EventStore, run: StreamName) {
  const ledger = toyLedger(store, 'reader');
  const types = (await eventsOf(ledger, run)).map(({ type }) => type);
  const episodes = await Promise.all(
    tasks.map(async (_, index) => story(await eventsOf(ledger, episodeOf(run, index)))),
  );
  return { types: types.filter((type) => type !== 'EpisodeScheduled'), episodes };
}

describe('a run out of wall time', () => {
  it('ends what has begun with the best so far, begins nothing new, and says so', async () => {
    const store = openMemoryStore();
    const ledger = toyLedger(store, 'first');
    const run = await startToyRun(ledger, { ...setting, runWallMs: 20 });
    const first = session(ledger, run, { concurrency: 2 }, tasks.length);
    await settle();
    first.gate.open(first.gate.waiting[0] as string);
    await settle();
    first.gate.open(first.gate.waiting.at(-1) as string);
    // The only test that waits for a real timer; the signal behind it is what everything else follows from.
    while (!(await tellAll(store, run)).episodes[0]?.some((line) => line.startsWith('BudgetExhausted'))) {
      await settle();
    }
    for (await settle(); first.gate.waiting.length > 0; await settle()) {
      for (const name of first.gate.waiting) first.gate.open(name);
    }
    expect(await first.ended).toMatchObject({ status: 'finished', episodesFinished: 2 });
    const { types, episodes } = await tellAll(store, run);
    expect(types).toEqual([
      ...['RunStarted', 'BudgetGranted', 'EnvironmentCaptured', 'BudgetExhausted', 'RunFinished'],
    ]);
    expect(episodes[0]?.filter((line) => line.startsWith('BudgetExhausted'))).toHaveLength(1);
    expect(episodes[0]).toContainEqual(expect.stringMatching(/^FinalPicked #0 (budget|public_pass)$/));
    expect(episodes[1]?.at(-1)).toMatch(/^EpisodeFinished/);
    expect(episodes[2]).toEqual([]);
  });

  it('in an earlier session still ends the episodes that had begun', async () => {
    const store = openMemoryStore();
    const start = toyLedger(store, 'start');
    const run = await startToyRun(start, { ...setting, runWallMs: 5000 });
    // The first session takes 100 ms by its clock for every append, and dies at its thirteenth.
    const clock = handClock(startMs + 60_000);
    const dying = new FaultyStore(store, 'dies before', 13);
    const dead = workOn(toyLedger(dying, 'first', clock), run, {
      ...{ concurrency: 2, clock },
      onEvent: () => clock.forward(1000),
    });
    await expect(dead).rejects.toThrow('the process is gone');
    const before = await tellAll(store, run);
    expect(before.episodes.map((lines) => lines.length > 0)).toEqual([true, true, false]);

    const later = handClock(startMs + 3_600_000);
    const ended = await workOn(toyLedger(store, 'second', later), run, { clock: later });
    expect(ended).toMatchObject({ status: 'finished', episodesFinished: 2 });
    const { types, episodes } = await tellAll(store, run);
    expect(types).toEqual([
      ...['RunStarted', 'BudgetGranted', 'EnvironmentCaptured', 'RunResumed', 'EnvironmentCaptured'],
      ...['BudgetExhausted', 'RunFinished'],
    ]);
    for (const lines of episodes.slice(0, 2)) {
      expect(lines.filter((line) => line.startsWith('BudgetExhausted wallTime'))).toHaveLength(1);
      expect(lines.at(-1)).toMatch(/^EpisodeFinished graded/);
    }
    expect(episodes[2]).toEqual([]);
  });

  it('in an earlier session, wherever that died, still has a picked answer graded', async () => {
    let ungraded = 0;
    for (let appends = 1, died = true; died; appends += 1) {
      const store = openMemoryStore();
      const only = { ...setting, tasks: tasks.slice(0, 1), runWallMs: 1000 };
      const run = await startToyRun(toyLedger(store, 'start'), only);
      const clock = handClock(startMs + 60_000);
      const dying = toyLedger(new FaultyStore(store, 'dies after', appends), 'first', clock);
      const onEvent = () => clock.forward(1000);
      died = await workOn(dying, run, { clock, onEvent }).then(
        () => false,
        () => true,
      );
      const reader = toyLedger(store, 'reader');
      const before = story(await eventsOf(reader, episodeOf(run, 0)));
      const isPicked = before.some((line) => line.startsWith('FinalPicked'));
      if (isPicked && !before.some((line) => line.startsWith('FinalGraded'))) ungraded += 1;

      const later = handClock(startMs + 3_600_000);
      // Effects that take turns of the event loop: a session that spins would starve them.
      const second = session(toyLedger(store, 'second', later), run, { clock: later }, 1);
      for (await settle(); second.gate.waiting.length > 0; await settle()) {
        for (const name of second.gate.waiting) second.gate.open(name);
      }
      expect(await second.ended, `after ${appends} appends`).toMatchObject({
        status: 'finished',
        episodesFinished: 1,
      });
      const after = story(await eventsOf(reader, episodeOf(run, 0)));
      expect(after.at(-1), `after ${appends} appends`).toMatch(/^EpisodeFinished graded/);
    }
    expect(ungraded).toBeGreaterThan(0);
  });

  it('is not run out of while it lies idle', async () => {
    const store = openMemoryStore();
    const start = toyLedger(store, 'start');
    const run = await startToyRun(start, { ...setting, runWallMs: 60_000 });
    for (const [label, at] of [
      ['first', 1],
      ['second', 2],
      ['third', 3],
    ] as const) {
      const clock = steppingClock(startMs + at * 3_600_000, 1);
      const dying = new FaultyStore(store, 'dies after', 6);
      await expect(workOn(toyLedger(dying, label, clock), run, { clock })).rejects.toThrow('gone');
    }
    const clock = steppingClock(startMs + 5 * 3_600_000, 1);
    const ended = await workOn(toyLedger(store, 'last', clock), run, { clock });
    expect(ended).toMatchObject({ status: 'finished', episodesFinished: 3 });
    expect((await tellAll(store, run)).types).not.toContain('BudgetExhausted');
  });
});

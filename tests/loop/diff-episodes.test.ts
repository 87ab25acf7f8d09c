import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EpisodeEvent } from '../../src/events/episode.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { alignEvents } from '../../src/loop/align-events.ts';
import { dataChanges } from '../../src/loop/data-changes.ts';
import { diffEpisodes } from '../../src/loop/diff-episodes.ts';
import { diffRuns } from '../../src/loop/diff-runs.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { simulateEpisode } from '../strategies/simulate-episode.ts';
import { half, oneEpisode, right, saying, wrong } from '../support/one-episode.ts';
import '../support/property-seed.ts';
import { episodeOf } from '../support/story.ts';
import { deafPorts, forkAndWork, forkRunAndWork, strategyWith } from '../support/toy-fork.ts';
import { toyTask } from '../support/toy-language.ts';
import { startToyRun, toyLedger, workOn } from '../support/toy-run.ts';

describe('differences of data', () => {
  it('are named member by member, and what is volatile is none', () => {
    const left = { a: 1, b: { c: [1, 2], d: 'x' }, gone: null, volatile: { wallMs: 3 }, list: [1] };
    const right = { a: 1, b: { c: [1, 3], d: 'y' }, come: true, volatile: { wallMs: 4 }, list: [] };
    expect(dataChanges(left, right)).toEqual([
      { member: 'b.c.1', left: 2, right: 3 },
      { member: 'b.d', left: 'x', right: 'y' },
      { member: 'come', right: true },
      { member: 'gone', left: null },
      { member: 'list', left: [1], right: [] },
    ]);
  });

  it('are none between equal values, whatever the order of members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(dataChanges(value as never, structuredClone(value) as never)).toEqual([]);
      }),
    );
  });
});

/** Histories as any strategy might make them, with failures, repetitions and budgets. */
const histories = fc
  .record({
    strategy: fc.constantFrom(...strategies),
    candidates: fc.integer({ min: 1, max: 9 }),
    seed: fc.string(),
    givenProgram: fc.boolean(),
    executions: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }),
  })
  .map(({ strategy, candidates, seed, givenProgram, executions }) => {
    const world = {
      ...{ seed, givenProgram, budget: { candidates: null, executions }, outcomesMax: null },
      ...{ duplicates: 0.2, failures: 0.2, passes: 0.1 },
    };
    return simulateEpisode(strategy, { candidates }, world, 1000).events;
  });

describe('an alignment', () => {
  it('holds every event of both sides once, each side in its own order', () => {
    fc.assert(
      fc.property(histories, histories, (left, right) => {
        const aligned = alignEvents(left, right);
        const side = (of: 'left' | 'right') =>
          aligned.flatMap((pair) => (pair[of] === null ? [] : [pair[of]]));
        expect(side('left')).toEqual(left);
        expect(side('right')).toEqual(right);
        expect(aligned.every((pair) => pair.left !== null || pair.right !== null)).toBe(true);
      }),
    );
  });

  it('of a history with itself leaves nothing alone, and with a part of it only the rest', () => {
    fc.assert(
      fc.property(histories, fc.nat(), (events, number) => {
        expect(alignEvents(events, events)).toEqual(events.map((event) => ({ left: event, right: event })));
        const without = number % events.length;
        const aligned = alignEvents(events, events.toSpliced(without, 1));
        expect(aligned.filter(({ right }) => right === null)).toHaveLength(1);
        expect(aligned.filter(({ left }) => left === null)).toHaveLength(0);
      }),
    );
  });

  it('keeps what has the same key together, also where the order differs', () => {
    const asked = (ordinal: number, occurrence = 0): EpisodeEvent => ({
      type: 'GenerationFailed',
      data: {
        key: { ordinal, occurrence, attempt: 0 },
        error: { code: 'X', message: '', retryable: false },
        ...{ final: true, volatile: { wallMs: 0 } },
      },
    });
    const [a, b, c, d] = [asked(1), asked(2), asked(3), asked(4)] as const;
    // Three of four are in one order; the one that moved stands alone on both sides.
    expect(alignEvents([a, b, c, d], [b, c, d, a])).toEqual([
      { left: a, right: null },
      { left: b, right: b },
      { left: c, right: c },
      { left: d, right: d },
      { left: null, right: a },
    ]);
    // What has no counterpart by key is paired with what is of its type.
    expect(alignEvents([a, b], [a, asked(9)])).toEqual([
      { left: a, right: a },
      { left: b, right: asked(9) },
    ]);
  });
});

async function branched() {
  const { ledger, events } = await oneEpisode(
    { params: { candidates: 3, stop: 'never' } },
    { generator: saying(wrong, half, right) },
  );
  return { ledger, episode: events[0]?.stream ?? ('' as never) };
}

describe('a difference of two episodes', () => {
  it('is none where a branch changed nothing', async () => {
    const { ledger, episode } = await branched();
    const fork = await forkAndWork(ledger, { episode, at: 4 }, deafPorts());
    expect(await diffEpisodes(ledger, episode, fork.episode)).toEqual({
      ...{ left: episode, right: fork.episode, task: 't', setup: [], common: 20, steps: [], identical: true },
    });
  });

  it('tells how they began, what they share, and what stands in each place', async () => {
    const { ledger, episode } = await branched();
    const strategy = strategyWith('best-of-n', { candidates: 2, stop: 'never' });
    const fork = await forkAndWork(ledger, { episode, strategy }, {});
    const diff = await diffEpisodes(ledger, episode, fork.episode);
    expect(diff.setup).toEqual([{ member: 'strategy.params.candidates', left: 3, right: 2 }]);
    expect(diff.common).toBe(10);
    expect(
      diff.steps.map(({ relation, left, right }) => [
        relation,
        left?.revision,
        (right ?? left)?.type,
        right?.revision,
      ]),
    ).toEqual([
      ['left', 11, 'GenerationRequested', undefined],
      ['left', 12, 'CandidateGenerated', undefined],
      ['left', 13, 'ExecutionRequested', undefined],
      ['left', 14, 'ExecutionFinished', undefined],
      ['left', 15, 'CandidateScored', undefined],
      ['changed', 16, 'FinalPicked', 11],
      ['changed', 17, 'ExecutionRequested', 12],
      ['changed', 18, 'ExecutionFinished', 13],
      ['changed', 19, 'FinalGraded', 14],
      ['changed', 20, 'EpisodeFinished', 15],
    ]);
    expect(diff.steps.at(-1)?.changes).toEqual([
      { member: 'candidates', left: 3, right: 2 },
      { member: 'executions', left: 3, right: 2 },
      { member: 'publicPass', left: true, right: false },
      { member: 'steps', left: 6, right: 4 },
      { member: 'tokens', left: expect.any(Number), right: expect.any(Number) },
    ]);
    const back = await diffEpisodes(ledger, fork.episode, episode);
    expect(back.steps.filter(({ relation }) => relation === 'right')).toHaveLength(5);
  });

  it('cannot be told of two tasks, nor of what has not begun', async () => {
    const ledger = toyLedger(openMemoryStore(), 'two');
    const run = await startToyRun(ledger, {
      strategy: 'best-of-n',
      tasks: [toyTask('a', 2), toyTask('b', 2)],
    });
    await expect(diffEpisodes(ledger, episodeOf(run, 0), episodeOf(run, 1))).rejects.toMatchObject({
      code: 'RUN_NOT_FOUND',
    });
    await workOn(ledger, run);
    await expect(diffEpisodes(ledger, episodeOf(run, 0), episodeOf(run, 1))).rejects.toMatchObject({
      code: 'RUN_NOT_COMPARABLE',
      message: `${episodeOf(run, 0)} works on a and ${episodeOf(run, 1)} on b; only episodes of one task can be laid side by side.`,
    });
  });
});

describe('a difference of two runs', () => {
  it('pairs them by task, and says which are the same and which only one has', async () => {
    const ledger = toyLedger(openMemoryStore(), 'runs');
    const tasks = [toyTask('a', 2), toyTask('b', 3)];
    const run = await startToyRun(ledger, {
      strategy: 'sequential-feedback',
      params: { candidates: 3 },
      tasks,
    });
    await workOn(ledger, run);
    const same = await forkRunAndWork(ledger, { run }, deafPorts());
    const { tasks: pairs, ...rest } = await diffRuns(ledger, run, same);
    expect(rest).toEqual({ left: run, right: same, setup: [], onlyLeft: [], onlyRight: [] });
    expect(pairs).toMatchObject([
      { task: 'a', left: episodeOf(run, 0), right: episodeOf(same, 0), identical: true, differences: 0 },
      { task: 'b', left: episodeOf(run, 1), right: episodeOf(same, 1), identical: true, differences: 0 },
    ]);
    const one = await forkAndWork(ledger, { episode: episodeOf(run, 1), at: 0, resample: true }, {});
    const partly = await diffRuns(ledger, run, one.run);
    expect(partly).toMatchObject({ onlyLeft: ['a'], onlyRight: [], setup: [{ member: 'seed' }] });
    expect(partly.tasks).toMatchObject([{ task: 'b', identical: false, common: 0 }]);
    const other = await startToyRun(ledger, {
      strategy: 'best-of-n',
      tasks: [toyTask('c', 2)],
      seed: 'c',
      strategyVersion: 1,
    });
    await expect(diffRuns(ledger, run, other)).rejects.toMatchObject({ code: 'RUN_NOT_COMPARABLE' });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { episodeProjection } from '../../projections/episode.ts';
import { fold } from '../../projections/projection.ts';
import { runProjection } from '../../projections/run.ts';
import { runOutcomeDigest } from '../../projections/run-outcome.ts';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import type { StreamName } from '../../src/kernel/brand.ts';
import { digestOf } from '../../src/kernel/digest.ts';
import { strategyNamed, strategyRef } from '../../src/strategies/registry.ts';
import { digest } from '../strategies/episode-events.ts';
import { unlimited } from '../strategies/scripted/scripted-runs.ts';
import { type HistoryOptions, type RandomHistory, randomHistory } from './random-history.ts';

function outcomeOf(events: readonly AnyRecordedEvent[], run: StreamName) {
  return runOutcomeDigest(fold(runProjection, events), fold(episodeProjection, events), run);
}
const outcomesOf = ({ events, runs }: RandomHistory) => runs.map((run) => outcomeOf(events, run));

/** One candidate at a time: samples side by side come in any order, and the order of arrival is part of the outcome. */
const oneAtATime = [
  strategyRef(strategyNamed('best-of-n'), { candidates: 5 }),
  strategyRef(strategyNamed('sequential-feedback'), { candidates: 5 }),
];
const plain: HistoryOptions = {
  ...{
    seed: 'plain',
    ids: 'one',
    delays: '',
    concurrency: 1,
    interruptions: [],
    patience: 0,
    failuresMax: 0,
  },
  ...{ strategies: oneAtATime, budget: unlimited },
};

describe('the outcome of a run', () => {
  it('is the same under other names, in another order, with failures mended, killed and resumed', async () => {
    const others = fc.record({
      ...{ ids: fc.string({ minLength: 4 }), delays: fc.string(), concurrency: fc.constantFrom(1, 2, 3) },
      interruptions: fc.array(
        fc.record({ after: fc.integer({ min: 1, max: 40 }), how: fc.constantFrom('die', 'pause') }),
        { maxLength: 3 },
      ),
      ...{ patience: fc.constantFrom(0, 4), failuresMax: fc.constantFrom(0, 2) },
    });
    await fc.assert(
      fc.asyncProperty(fc.string(), others, async (seed, other) => {
        const first = await randomHistory({ ...plain, seed });
        const second = await randomHistory({ ...plain, seed, ...other });
        expect(second.runs).not.toEqual(first.runs);
        expect(outcomesOf(second)).toEqual(outcomesOf(first));
      }),
      { numRuns: 40 },
    );
  });

  it('is another for another strategy and another seed', async () => {
    const [left, right] = outcomesOf(await randomHistory(plain));
    expect(left).not.toBe(right);
    const seeds = await Promise.all(
      ['1', '2', '3', '4'].map(async (seed) => outcomesOf(await randomHistory({ ...plain, seed }))),
    );
    expect(new Set(seeds.flat()).size).toBe(8);
  });

  it('of a run that is not there is the digest of nothing', () => {
    expect(outcomeOf([], 'run-none' as StreamName)).toBe(digestOf(null));
  });

  it('tells a paused run from a finished one', async () => {
    const { events, runs } = await randomHistory(plain);
    const unfinished = events.filter(({ type }) => type !== 'RunFinished');
    for (const run of runs) expect(outcomeOf(unfinished, run)).not.toBe(outcomeOf(events, run));
  });
});

/** Each makes another data of the first event of its type. */
type Change = readonly [type: AnyRecordedEvent['type'], what: string, change: (data: never) => object];

const matters: readonly Change[] = [
  ['CandidateScored', 'a score', ({ value }: { value: number }) => ({ value: value + 0.125 })],
  ['CandidateGenerated', 'a candidate', () => ({ candidate: digest('another') })],
  [
    'CandidateGenerated',
    'the program of a candidate',
    () => ({ program: { digest: digest('x'), bytes: 1 } }),
  ],
  ['CandidateGenerated', 'what a candidate came from', () => ({ parent: digest('another') })],
  [
    'ExecutionFinished',
    'the tests an execution passed',
    ({ passed }: { passed: number }) => ({ passed: passed + 1 }),
  ],
  [
    'ExecutionFinished',
    'the steps an execution took',
    ({ steps }: { steps: number }) => ({ steps: steps + 1 }),
  ],
  ['ExecutionFinished', 'the result of an execution', () => ({ result: { digest: digest('x'), bytes: 1 } })],
  ['FeedbackComposed', 'the feedback', () => ({ text: { digest: digest('x'), bytes: 1 } })],
  ['FinalPicked', 'the answer', () => ({ candidate: digest('another') })],
  ['FinalPicked', 'the reason of the answer', () => ({ reason: 'budget' })],
  ['FinalGraded', 'the grade', ({ hiddenPass }: { hiddenPass: boolean }) => ({ hiddenPass: !hiddenPass })],
  ['EpisodeFinished', 'what an episode cost', ({ tokens }: { tokens: number }) => ({ tokens: tokens + 1 })],
  ['RunStarted', 'the suite', () => ({ suite: digest('another') })],
  ['RunStarted', 'the seed', () => ({ seed: 'another' })],
];

const isBesides: readonly Change[] = [
  ['CandidateGenerated', 'how long it took to write', () => ({ volatile: { wallMs: 12_345 } })],
  ['ExecutionFinished', 'how long it took to run', () => ({ volatile: { wallMs: 12_345 } })],
  ['RunFinished', 'how long the run took', () => ({ volatile: { wallMs: 12_345 } })],
  ['RunStarted', 'what other runs it was started with', () => ({ group: 'others' })],
];

describe('what the outcome of a run holds', () => {
  const told = { ...plain, seed: 'told', strategies: oneAtATime.slice(1) };
  const changed = async ([type, , change]: Change) => {
    const { events, runs } = await randomHistory(told);
    const [run] = runs;
    const at = events.findIndex((event) => event.type === type);
    const event = events[at];
    if (run === undefined || event === undefined) throw new Error(`the history holds no ${type}`);
    const other = { ...event, data: { ...event.data, ...change(event.data as never) } } as AnyRecordedEvent;
    return { before: outcomeOf(events, run), after: outcomeOf(events.with(at, other), run) };
  };

  it.each(matters.map((change) => [change[1], change] as const))('is %s', async (_, change) => {
    const { before, after } = await changed(change);
    expect(after).not.toBe(before);
  });

  it.each(isBesides.map((change) => [change[1], change] as const))('is not %s', async (_, change) => {
    const { before, after } = await changed(change);
    expect(after).toBe(before);
  });

  it('is not when and by whom anything was written', async () => {
    const { events, runs } = await randomHistory(told);
    const elsewhere = events.map((event) => ({
      ...event,
      at: event.at + 1,
      actor: 'somebody',
      correlation: '',
    }));
    for (const run of runs) expect(outcomeOf(elsewhere, run)).toBe(outcomeOf(events, run));
  });
});

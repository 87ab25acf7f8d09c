import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budgetProjection } from '../../projections/budget.ts';
import { fold } from '../../projections/projection.ts';
import type { AnyRecordedEvent } from '../../src/events/record.ts';
import {
  adopted,
  askedToExecute,
  askedToGenerate,
  executed,
  exhausted,
  generated,
  generationFailed,
  key,
  rejected,
} from '../strategies/episode-events.ts';
import { foldSpecification } from '../support/fold-specification.ts';
import { randomHistory } from './random-history.ts';
import { granted, started } from './run-events.ts';

const limits = { candidates: 3, executions: 4, tokens: 100, stepsPerExecution: null };
const spent = (candidates: number, executions: number, tokens: number) => ({
  candidates,
  executions,
  tokens,
});
const begun = foldSpecification(budgetProjection).given(
  ['run-1', granted(limits, 60_000)],
  ['episode-1.0', started('run-1', 0, 'double', limits)],
);

describe('the budget projection', () => {
  it('knows what was granted, to the run and to each episode', () => {
    begun.thenState({
      runs: { 'run-1': { wallMs: 60_000, exhausted: false } },
      episodes: { 'episode-1.0': { granted: limits, spent: spent(0, 0, 0), exhausted: null } },
    } as never);
    foldSpecification(budgetProjection)
      .given(['run-2', granted()])
      .thenState({ runs: { 'run-2': { wallMs: null, exhausted: false } }, episodes: {} } as never);
  });

  it('charges every answered proposal and its tokens, every public execution once, and nothing else', () => {
    const history = [
      ...[adopted('given'), askedToExecute(key(0), 'given'), executed(key(0), 'given', 0, 4)],
      ...[askedToGenerate(key(1)), generated(key(1), 'a', { tokens: 11 })],
      ...[askedToExecute(key(2), 'a'), askedToExecute(key(2, 0, 1), 'a'), executed(key(2, 0, 1), 'a', 1, 4)],
      ...[askedToGenerate(key(3)), generationFailed(key(3), false), rejected(key(3, 0, 1), 'a')],
      ...[askedToExecute(key(4), 'a', 'hidden'), executed(key(4), 'a', 1, 6, 'hidden')],
    ];
    begun.given(...history.map((event) => ['episode-1.0', event] as const)).thenState({
      runs: { 'run-1': { wallMs: 60_000, exhausted: false } },
      episodes: { 'episode-1.0': { granted: limits, spent: spent(2, 2, 22), exhausted: null } },
    } as never);
  });

  it('tells which budget ended what: an episode its own, a run its time', () => {
    begun
      .given(['episode-1.0', exhausted('executions', 4, 4)], ['run-1', exhausted('wallTime', 60_000, 60_001)])
      .thenState({
        runs: { 'run-1': { wallMs: 60_000, exhausted: true } },
        episodes: {
          'episode-1.0': {
            ...{ granted: limits, spent: spent(0, 0, 0) },
            exhausted: { kind: 'executions', limit: 4, spent: 4 },
          },
        },
      } as never);
  });

  it('spends exactly the sum of its events and never more than was granted, in whatever the loop does', async () => {
    const options = fc.record({ seed: fc.string(), delays: fc.string(), concurrency: fc.constantFrom(1, 2) });
    await fc.assert(
      fc.asyncProperty(options, async (chosen) => {
        const { events } = await randomHistory({ ...chosen, ids: 'budget', interruptions: [] });
        const state = fold(budgetProjection, events);
        expect(Object.keys(state.episodes).length).toBeGreaterThan(0);
        for (const [stream, entry] of Object.entries(state.episodes)) {
          const own = events.filter((event) => event.stream === stream);
          expect(entry.spent).toEqual(sumOf(own));
          const end = own.find(({ type }) => type === 'EpisodeFinished')?.data;
          expect(end).toMatchObject(entry.spent);
          const { candidates, executions } = entry.granted;
          if (candidates !== null) expect(entry.spent.candidates).toBeLessThanOrEqual(candidates);
          if (executions !== null) expect(entry.spent.executions).toBeLessThanOrEqual(executions);
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** Written once more, plainly: the fold must agree with it. */
function sumOf(events: readonly AnyRecordedEvent[]): ReturnType<typeof spent> {
  const proposals = events.filter(
    (event) =>
      event.type === 'CandidateRejected' ||
      (event.type === 'CandidateGenerated' && event.data.origin !== 'given'),
  );
  const executions = new Set(
    events.flatMap((event) =>
      event.type === 'ExecutionRequested' && event.data.tests === 'public' ? [event.data.key.ordinal] : [],
    ),
  );
  const tokens = events.reduce(
    (sum, event) =>
      sum +
      (event.type === 'CandidateGenerated' || event.type === 'CandidateRejected'
        ? event.data.usage.inputTokens + event.data.usage.outputTokens
        : 0),
    0,
  );
  return spent(proposals.length, executions.size, tokens);
}

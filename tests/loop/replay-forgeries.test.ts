import { beforeAll, describe, expect, it } from 'vitest';
import type { PawlEvent } from '../../src/events/catalogue.ts';
import { currentFlags } from '../../src/events/replay-flags.ts';
import type { Digest, StreamName } from '../../src/kernel/brand.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import type { EventStore } from '../../src/ledger/event-store.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { replayEpisode } from '../../src/loop/replay-episode.ts';
import { testsScorer } from '../../src/scorers/tests-scorer.ts';
import { copyLedger } from '../support/copy-ledger.ts';
import { half } from '../support/one-episode.ts';
import { repairedEpisode } from '../support/repaired-episode.ts';
import { scriptedFingerprint } from '../support/scripted-sandbox.ts';
import { toyLedger } from '../support/toy-run.ts';

const context = { scorer: testsScorer, sandbox: [scriptedFingerprint], flags: currentFlags };

type Edit = (events: PawlEvent[]) => void;
const other = sha256Hex('something else') as Digest;
const at = (events: readonly PawlEvent[], type: PawlEvent['type'], which = 0): number => {
  const places = events.flatMap((event, index) => (event.type === type ? [index] : []));
  return places[which] as number;
};
/** Changes one field of the which-th event of a type. */
const change =
  (type: PawlEvent['type'], path: string, value: unknown, which = 0): Edit =>
  (events) => {
    const keys = path.split('.');
    let target = (events[at(events, type, which)] as PawlEvent).data as Record<string, unknown>;
    for (const key of keys.slice(0, -1)) target = target[key] as Record<string, unknown>;
    target[keys.at(-1) as string] = value;
  };

/** What is done to the history, the revision where replay first sees it, and what it says. */
const forgeries: readonly (readonly [what: string, edit: Edit, revision: number, reason: RegExp])[] = [
  ['another seed', change('EpisodeStarted', 'seed', 'toy/u'), 0, /other data/],
  ['other parameters', change('EpisodeStarted', 'strategy.params', { candidates: 9 }), 0, /other data/],
  ['another budget', change('EpisodeStarted', 'budget.tokens', 1), 0, /other data/],
  ['another place in the run', change('EpisodeStarted', 'index', 7), 0, /did not schedule/],
  ['no beginning', (events) => void events.shift(), 0, /begins with EpisodeStarted/],
  ['another given program', change('CandidateGenerated', 'candidate', other), 1, /other data/],
  ['another input of an execution', change('ExecutionRequested', 'input', other), 2, /other data/],
  ['another candidate executed', change('ExecutionRequested', 'candidate', other), 2, /other data/],
  ['an outcome of another candidate', change('ExecutionFinished', 'candidate', other), 3, /of its request/],
  ['an outcome of other tests', change('ExecutionFinished', 'tests', 'hidden'), 3, /of its request/],
  ['an outcome under another key', change('ExecutionFinished', 'key.ordinal', 5), 3, /pending execution/],
  ['an outcome of another attempt', change('ExecutionFinished', 'key.attempt', 1), 3, /pending execution/],
  ['more tests passed than did', change('ExecutionFinished', 'passed', 2), 4, /other data/],
  ['another score', change('CandidateScored', 'value', 0.9), 4, /other data/],
  ['another scorer', change('CandidateScored', 'scorer', 'eyes'), 4, /other data/],
  ['another feedback text', change('FeedbackComposed', 'text.digest', other), 5, /other data/],
  ['another prompt', change('GenerationRequested', 'prompt.digest', other), 6, /other data/],
  ['a shorter dialogue', change('GenerationRequested', 'dialogue', [], 1), 12, /other data/],
  ['a generation under another key', change('CandidateGenerated', 'key.occurrence', 1, 1), 7, /pending gen/],
  ['a failure nobody asked for', (events) => void events.splice(7, 0, failure(9)), 7, /pending generation/],
  ['another candidate than it was', change('CandidateGenerated', 'candidate', other, 1), 8, /other data/],
  ['a candidate twice', (events) => void events.splice(13, 1, twice(events)), 13, /generated once/],
  [
    'a decision left out',
    (events) => void events.splice(at(events, 'CandidateScored', 1), 1),
    10,
    /asked for/,
  ],
  ['a decision put in', (events) => void events.splice(11, 0, events[4] as PawlEvent), 11, /asked for/],
  ['a decision put at the end', (events) => void events.push(events[4] as PawlEvent), 22, /nobody asked/],
  ['two decisions swapped', (events) => void events.splice(4, 2, ...swapped(events)), 4, /asked for/],
  ['another answer', change('FinalPicked', 'candidate', other), 17, /other data/],
  ['a worse reason', change('FinalPicked', 'reason', 'budget'), 17, /other data/],
  ['a better grade', change('FinalGraded', 'hiddenPass', true), 20, /other data/],
  ['a grading left out', (events) => void events.splice(18, 3), 18, /asked for/],
  ['another end', change('EpisodeFinished', 'hiddenPass', true), 21, /other data/],
  ['fewer tokens', change('CandidateGenerated', 'usage.inputTokens', 0, 1), 21, /other data/],
  ['fewer steps', change('ExecutionFinished', 'steps', 0), 21, /other data/],
  ['its end left out', (events) => void events.pop(), 21, /history ends before/],
  ['an append cut in two', (events) => void events.splice(10), 10, /history ends before/],
];

const failure = (ordinal: number): PawlEvent => ({
  type: 'GenerationFailed',
  data: {
    key: { ordinal, occurrence: 0, attempt: 0 },
    error: { code: 'GENERATOR_FAILED', message: '', retryable: true },
    ...{ final: false, volatile: { wallMs: 0 } },
  },
});

function twice(events: readonly PawlEvent[]): PawlEvent {
  const [first, second] = [events[7], events[13]];
  if (first?.type !== 'CandidateGenerated' || second?.type !== 'CandidateGenerated') throw new Error('moved');
  const { candidate, program } = first.data;
  return { type: 'CandidateGenerated', data: { ...second.data, candidate, program } };
}

function swapped(events: readonly PawlEvent[]): PawlEvent[] {
  return [events[5] as PawlEvent, events[4] as PawlEvent];
}

describe('replay names where a forged history first departs from the rules', () => {
  let store: EventStore;
  let stream: StreamName;
  beforeAll(async () => {
    ({ store, stream } = await repairedEpisode());
  });
  const forged = (edit: Edit): Promise<Ledger> =>
    copyLedger(store, {
      stream,
      events: (events) => {
        const copy = structuredClone(events) as PawlEvent[];
        edit(copy);
        return copy;
      },
    });

  it('a copy that nobody changed passes', async () => {
    const verdict = await replayEpisode(await forged(() => undefined), stream, context);
    expect(verdict).toMatchObject({ verdict: 'pass', events: 22 });
  });

  it.each(forgeries)('%s', async (_, edit, revision, reason) => {
    const verdict = await replayEpisode(await forged(edit), stream, context);
    expect(verdict).toMatchObject({ verdict: 'diverged', divergence: { stream, revision } });
    if (verdict.verdict === 'diverged') expect(verdict.divergence.reason).toMatch(reason);
  });

  it('every single field of every decision is compared', async () => {
    const ledger = toyLedger(store, 'reader');
    const recorded = await Array.fromAsync(ledger.readStream(stream));
    for (const { type, data, revision } of recorded) {
      const given = type === 'CandidateGenerated' && data.key === null;
      const isDecision = given || !/Generated|ExecutionFinished/.test(type);
      if (!isDecision) continue;
      for (const [key, value] of Object.entries(data)) {
        const changed = another(value);
        if (changed === undefined) continue;
        const edit: Edit = (events) => {
          Object.assign((events[revision] as PawlEvent).data, { [key]: changed });
        };
        const verdict = await replayEpisode(await forged(edit), stream, context);
        expect(verdict, `${type}.${key}`).toMatchObject({ verdict: 'diverged', divergence: { revision } });
      }
    }
  });

  it('is inconclusive where a program it needs is gone', async () => {
    const copy = await copyLedger(store, { stream, events: (events) => events, without: sha256Hex(half) });
    const verdict = await replayEpisode(copy, stream, context);
    expect(verdict).toEqual({
      ...{ verdict: 'inconclusive', events: 22 },
      missing: `No blob ${sha256Hex(half)} is in the ledger.`,
    });
  });

  it('is inconclusive where the interpreter of the run is not known', async () => {
    const copy = await forged(() => undefined);
    const verdict = await replayEpisode(copy, stream, { ...context, sandbox: [] });
    expect(verdict).toMatchObject({
      verdict: 'inconclusive',
      missing: expect.stringContaining('javascript'),
    });
  });
});

/** Another valid value for a field, or undefined where the schema allows only one. */
function another(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)) return other;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  if ('digest' in value) return { ...value, digest: other };
  if ('ordinal' in value) return { ...value, ordinal: 99 };
  return undefined;
}

import { beforeAll, describe, expect, it } from 'vitest';
import type { PawlEvent } from '../../src/events/catalogue.ts';
import type { Digest, StreamName } from '../../src/kernel/brand.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import type { EventStore } from '../../src/ledger/event-store.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { replayEpisode } from '../../src/loop/replay-episode.ts';
import type { ReplayLayer } from '../../src/loop/replay-verdict.ts';
import { copyLedger } from '../support/copy-ledger.ts';
import { half } from '../support/one-episode.ts';
import { repairedEpisode } from '../support/repaired-episode.ts';
import { toyLedger } from '../support/toy-run.ts';

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

const failure = (ordinal: number): PawlEvent => ({
  type: 'GenerationFailed',
  data: {
    key: { ordinal, occurrence: 0, attempt: 0 },
    error: { code: 'GENERATOR_FAILED', message: '', retryable: true },
    ...{ final: false, volatile: { wallMs: 0 } },
  },
});

function anotherResult(events: PawlEvent[]): void {
  const finished = events[3];
  const given = events[1];
  if (finished?.type !== 'ExecutionFinished' || given?.type !== 'CandidateGenerated')
    throw new Error('moved');
  // A blob that is there, and is something else.
  Object.assign(finished.data, { result: given.data.program });
}

function endlessly(events: PawlEvent[]): void {
  const failed = failure(1);
  if (failed.type !== 'GenerationFailed') throw new Error('moved');
  events.splice(7, 0, {
    ...failed,
    data: { ...failed.data, error: { ...failed.data.error, retryable: false } },
  });
}

const rejected =
  (reason: 'duplicate' | 'empty' | 'too_large'): Edit =>
  (events) => {
    const generated = events[7];
    if (generated?.type !== 'CandidateGenerated' || generated.data.key === null) throw new Error('moved');
    const { key, candidate, program, completion, usage } = generated.data;
    events[7] = { type: 'CandidateRejected', data: { key, candidate, reason, program, completion, usage } };
  };

const outOfTime: PawlEvent = { type: 'BudgetExhausted', data: { kind: 'wallTime', limit: 5, spent: 6 } };
const paused: PawlEvent = { type: 'RunPaused', data: { reason: 'failure', volatile: { wallMs: 0 } } };

function twice(events: readonly PawlEvent[]): PawlEvent {
  const [first, second] = [events[7], events[13]];
  if (first?.type !== 'CandidateGenerated' || second?.type !== 'CandidateGenerated') throw new Error('moved');
  const { candidate, program } = first.data;
  return { type: 'CandidateGenerated', data: { ...second.data, candidate, program } };
}

function swapped(events: readonly PawlEvent[]): PawlEvent[] {
  return [events[5] as PawlEvent, events[4] as PawlEvent];
}

/** What is done to the history, the revision where replay first sees it, and what it says. */
const forgeries: readonly (readonly [
  what: string,
  edit: Edit,
  revision: number,
  layer: ReplayLayer,
  reason: RegExp,
])[] = [
  ['another seed', change('EpisodeStarted', 'seed', 'toy/u'), 0, 'content', /other data/],
  [
    'other parameters',
    change('EpisodeStarted', 'strategy.params', { candidates: 9 }),
    0,
    'content',
    /other data/,
  ],
  ['another budget', change('EpisodeStarted', 'budget.tokens', 1), 0, 'content', /other data/],
  ['another place in the run', change('EpisodeStarted', 'index', 7), 0, 'history', /did not schedule/],
  ['no beginning', (events) => void events.shift(), 0, 'history', /begins with EpisodeStarted/],
  ['another given program', change('CandidateGenerated', 'candidate', other), 1, 'content', /other data/],
  [
    'another input of an execution',
    change('ExecutionRequested', 'input', other),
    2,
    'input',
    /another input/,
  ],
  ['another key of an execution', change('ExecutionRequested', 'key.ordinal', 7), 2, 'key', /another key/],
  [
    'another candidate executed',
    change('ExecutionRequested', 'candidate', other),
    2,
    'content',
    /other data/,
  ],
  [
    'an outcome of another candidate',
    change('ExecutionFinished', 'candidate', other),
    3,
    'content',
    /of its request/,
  ],
  [
    'an outcome of other tests',
    change('ExecutionFinished', 'tests', 'hidden'),
    3,
    'content',
    /of its request/,
  ],
  [
    'an outcome under another key',
    change('ExecutionFinished', 'key.ordinal', 5),
    3,
    'key',
    /pending execution/,
  ],
  [
    'an outcome of another attempt',
    change('ExecutionFinished', 'key.attempt', 1),
    3,
    'key',
    /pending execution/,
  ],
  [
    'more tests passed than did',
    change('ExecutionFinished', 'passed', 2),
    3,
    'content',
    /recorded with passed other/,
  ],
  ['another score', change('CandidateScored', 'value', 0.9), 4, 'content', /other data/],
  ['another scorer', change('CandidateScored', 'scorer', 'eyes'), 4, 'content', /other data/],
  ['another feedback text', change('FeedbackComposed', 'text.digest', other), 5, 'content', /other data/],
  ['another prompt', change('GenerationRequested', 'prompt.digest', other), 6, 'content', /other data/],
  ['a shorter dialogue', change('GenerationRequested', 'dialogue', [], 1), 12, 'content', /other data/],
  [
    'a generation under another key',
    change('CandidateGenerated', 'key.occurrence', 1, 1),
    7,
    'key',
    /pending gen/,
  ],
  [
    'a failure nobody asked for',
    (events) => void events.splice(7, 0, failure(9)),
    7,
    'key',
    /pending generation/,
  ],
  [
    'another candidate than it was',
    change('CandidateGenerated', 'candidate', other, 1),
    7,
    'content',
    /with candidate other/,
  ],
  [
    'a parent that there is not',
    change('CandidateGenerated', 'parent', other, 1),
    7,
    'content',
    /none of those before it/,
  ],
  [
    'a candidate twice',
    (events) => void events.splice(13, 1, twice(events)),
    13,
    'history',
    /generated once/,
  ],
  [
    'a decision left out',
    (events) => void events.splice(at(events, 'CandidateScored', 1), 1),
    10,
    'kind',
    /asked for/,
  ],
  [
    'a decision put in',
    (events) => void events.splice(11, 0, events[4] as PawlEvent),
    11,
    'kind',
    /asked for/,
  ],
  ['another result of an execution', anotherResult, 3, 'content', /not the result/],
  ['a failure that is not final at the last attempt', endlessly, 7, 'content', /recorded with final other/],
  ['a candidate that is no duplicate', rejected('duplicate'), 7, 'content', /rejected as duplicate/],
  ['a candidate that is not empty', rejected('empty'), 7, 'content', /rejected as empty/],
  ['a candidate that is not too large', rejected('too_large'), 7, 'content', /rejected as too_large/],
  [
    'wall time that nobody limited',
    (events) => void events.splice(7, 0, outOfTime),
    7,
    'content',
    /granted no ms/,
  ],
  ['wall time after the end', (events) => void events.push(outOfTime), 22, 'history', /nothing could come/],
  ['an event that no episode has', (events) => void events.push(paused), 22, 'history', /nobody asked/],
  [
    'a decision put at the end',
    (events) => void events.push(events[4] as PawlEvent),
    22,
    'history',
    /nobody asked/,
  ],
  ['two decisions swapped', (events) => void events.splice(4, 2, ...swapped(events)), 4, 'kind', /asked for/],
  ['another answer', change('FinalPicked', 'candidate', other), 17, 'content', /other data/],
  ['a worse reason', change('FinalPicked', 'reason', 'budget'), 17, 'content', /other data/],
  ['a better grade', change('FinalGraded', 'hiddenPass', true), 20, 'content', /other data/],
  ['a grading left out', (events) => void events.splice(18, 3), 18, 'kind', /asked for/],
  ['another end', change('EpisodeFinished', 'hiddenPass', true), 21, 'content', /other data/],
  ['fewer tokens', change('CandidateGenerated', 'usage.inputTokens', 0, 1), 21, 'content', /other data/],
  ['fewer steps', change('ExecutionFinished', 'steps', 0), 3, 'content', /recorded with steps other/],
  ['its end left out', (events) => void events.pop(), 21, 'history', /history ends before/],
  ['an append cut in two', (events) => void events.splice(10), 10, 'history', /history ends before/],
];

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
    const verdict = await replayEpisode(await forged(() => undefined), stream);
    expect(verdict).toMatchObject({ verdict: 'pass', events: 22 });
  });

  it.each(forgeries)('%s', async (_, edit, revision, layer, reason) => {
    const verdict = await replayEpisode(await forged(edit), stream);
    expect(verdict).toMatchObject({ verdict: 'diverged', divergence: { stream, revision, layer } });
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
        const verdict = await replayEpisode(await forged(edit), stream);
        expect(verdict, `${type}.${key}`).toMatchObject({ verdict: 'diverged', divergence: { revision } });
      }
    }
  });

  it('is inconclusive where a program it needs is gone', async () => {
    const copy = await copyLedger(store, { stream, events: (events) => events, without: sha256Hex(half) });
    const verdict = await replayEpisode(copy, stream);
    expect(verdict).toEqual({
      ...{ verdict: 'inconclusive', events: 22 },
      missing: `No blob ${sha256Hex(half)} is in the ledger.`,
    });
  });

  it('is inconclusive where the interpreter of the run is not known', async () => {
    const run = stream.replace('episode-', 'run-').slice(0, -2) as StreamName;
    const copy = await copyLedger(store, {
      stream: run,
      events: (events) =>
        events.map((event) =>
          event.type === 'RunStarted' ? { ...event, data: { ...event.data, sandbox: [] } } : event,
        ),
    });
    expect(await replayEpisode(copy, stream)).toMatchObject({
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

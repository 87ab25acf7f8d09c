import { beforeAll, describe, expect, it } from 'vitest';
import type { PawlEvent } from '../../../src/events/catalogue.ts';
import type { StreamName } from '../../../src/kernel/brand.ts';
import { LedgerReplay } from '../../../src/loop/replay-ledger.ts';
import { episodeStream } from '../../../src/loop/stream-names.ts';
import { queueStream, workerStream } from '../../../src/loop/work/work-streams.ts';
import { copyLedger } from '../../support/copy-ledger.ts';
import { toyTask } from '../../support/toy-language.ts';
import { queuedToyRun, toyWorker, toyWorkerName } from './toy-workers.ts';

const tasks = [toyTask('plain', 2), toyTask('wide', 4)];
const diary = workerStream(toyWorkerName('a'));
type Edit = (events: PawlEvent[], run: StreamName) => void;

let original: Awaited<ReturnType<typeof queuedToyRun>>;
beforeAll(async () => {
  original = await queuedToyRun({ strategy: 'sequential-feedback', params: { candidates: 2 }, tasks });
  await toyWorker({ store: original.store, queue: original.queue, label: 'a' });
});

async function replayed(stream: StreamName, edit: Edit) {
  const events = (given: readonly PawlEvent[]) => {
    const copy = structuredClone(given) as PawlEvent[];
    edit(copy, original.run);
    return copy;
  };
  const ledger = await copyLedger(original.store, { stream, events });
  return new LedgerReplay(ledger, { rederive: null }).stream(stream);
}

/** Changes members of the first event of a type. */
const change =
  (type: PawlEvent['type'], members: object): Edit =>
  (events) =>
    void Object.assign(events.find((event) => event.type === type)?.data ?? {}, members);
const without =
  (type: PawlEvent['type']): Edit =>
  (events) =>
    void events.splice(
      events.findIndex((event) => event.type === type),
      1,
    );
const parked =
  (type: 'EpisodeParked' | 'EpisodeUnparked', index: number): Edit =>
  (events, run) => {
    const about = { run, episode: episodeStream(run, index) };
    const data = type === 'EpisodeParked' ? { ...about, attempts: 5, reason: 'it broke' } : about;
    events.splice(1, 0, { type, data } as PawlEvent);
  };

describe('replay', () => {
  it('passes what was queued and what a worker did', async () => {
    const replay = new LedgerReplay(original.ledger, { rederive: null });
    expect(await replay.stream(queueStream)).toMatchObject({
      kind: 'queue',
      verdict: 'pass',
      finished: true,
    });
    expect(await replay.stream(diary)).toMatchObject({ kind: 'worker', verdict: 'pass', finished: true });
  });

  it.each([
    ['with other needs than the run has', change('RunQueued', { needs: ['sandbox:wasm'] }), /follows from/],
    ['of a run that nobody queued', without('RunQueued'), /was not queued/],
    [
      'with a run that is queued twice',
      (events) => void events.splice(1, 0, events[0] as PawlEvent),
      /already/,
    ],
    ['with an episode parked that the run does not have', parked('EpisodeParked', 7), /has no episode/],
    ['with an episode tried again that was not parked', parked('EpisodeUnparked', 0), /was not parked/],
    ['with what workers did in it', (events) => void events.push(stopped), /what is queued and nothing else/],
  ] as [string, Edit, RegExp][])('refutes a queue %s', async (_, edit, reason) => {
    const replay = await replayed(queueStream, edit);
    expect(replay).toMatchObject({
      verdict: 'diverged',
      divergence: { reason: expect.stringMatching(reason) },
    });
  });

  it.each([
    ['that never began', without('WorkerStarted'), /begins once/],
    ['under another name', change('WorkerStarted', { worker: toyWorkerName('b') }), /is not the stream of/],
    ['that left what it had not taken', change('EpisodeLeft', { attempt: 9 }), /was not taken/],
    ['that goes on after its end', (events) => void events.push(stopped), /that has stopped/],
    [
      'that finished what has not ended',
      (events, run) => {
        const about = { run, episode: episodeStream(run, 9), attempt: 1 };
        events.splice(
          1,
          0,
          { type: 'EpisodeTaken', data: { ...about, from: null } },
          { type: 'EpisodeLeft', data: { ...about, how: 'finished', error: null } },
        );
      },
      /had not ended/,
    ],
  ] as [string, Edit, RegExp][])('refutes a worker %s', async (_, edit, reason) => {
    const replay = await replayed(diary, edit);
    expect(replay).toMatchObject({
      verdict: 'diverged',
      divergence: { reason: expect.stringMatching(reason) },
    });
  });
});

const stopped: PawlEvent = { type: 'WorkerStopped', data: { why: 'idle', error: null } };

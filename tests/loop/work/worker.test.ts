import { describe, expect, it } from 'vitest';
import type { StreamName } from '../../../src/kernel/brand.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import type { LedgerStore } from '../../../src/ledger/event-store.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import type { WorkQueue } from '../../../src/ledger/work-queue.ts';
import { replayLedger } from '../../../src/loop/replay-ledger.ts';
import { replayScope } from '../../../src/loop/replay-scope.ts';
import { episodeStream } from '../../../src/loop/stream-names.ts';
import { retryParked } from '../../../src/loop/work/retry-parked.ts';
import type { WorkerNews } from '../../../src/loop/work/worker-services.ts';
import { Gate } from '../../support/gate.ts';
import { ScriptedGenerator } from '../../support/scripted-generator.ts';
import { toyTask } from '../../support/toy-language.ts';
import { eventsOf, outcomeDigest, startToyRun, toyLedger, workOn } from '../../support/toy-run.ts';
import { queuedToyRun, queueToyRun, toyLog, toyWorker, toyWorkerName } from './toy-workers.ts';

const tasks = [toyTask('plain', 2), toyTask('given', 3, { 'f(0)': '7' }), toyTask('wide', 4)];
const options = { strategy: 'sequential-feedback', params: { candidates: 3 }, tasks };
const writer = { actor: 'test', correlation: 'test' };
const never = new AbortController().signal;

/** What the run comes to where one process does all of it. */
async function undisturbed() {
  const ledger = toyLedger(openMemoryStore(), 'start');
  const run = await startToyRun(ledger, options);
  await workOn(ledger, run);
  return outcomeDigest(ledger, run);
}

/** A run came to the end of an undisturbed one, the whole ledger fits together, and the queue is empty. */
async function expectWhole(store: LedgerStore, run: StreamName): Promise<void> {
  const ledger = toyLedger(store, 'reader');
  expect(await outcomeDigest(ledger, run)).toBe(await undisturbed());
  expect((await verifyLedger(store)).problems).toEqual([]);
  const { streams } = await replayScope(ledger, { kind: 'all' }, { sinceMs: null, untilMs: null });
  expect((await replayLedger(ledger, streams, { rederive: null })).failures).toEqual([]);
  expect((await toyLog(ledger).refresh()).size).toBe(0);
  expect(await store.workQueue().items(run)).toEqual([]);
}

const typesIn = async (store: LedgerStore, stream: StreamName) =>
  (await eventsOf(toyLedger(store, 'reader'), stream)).map(({ type }) => type);

describe('a worker', () => {
  it('brings a queued run to the end that one process brings it to', async () => {
    const { store, run, queue } = await queuedToyRun(options);
    const outcome = await toyWorker({ store, queue, label: 'a' });
    expect(outcome).toEqual({ why: 'idle', left: { finished: 3, fenced: 0, released: 0, failed: 0 } });
    expect((await typesIn(store, run)).slice(-2)).toEqual(['EnvironmentCaptured', 'RunFinished']);
    const diary = await typesIn(store, `worker-${toyWorkerName('a')}` as StreamName);
    expect([diary[0], diary.at(-1)]).toEqual(['WorkerStarted', 'WorkerStopped']);
    expect(diary.filter((type) => type === 'EpisodeLeft')).toHaveLength(3);
    await expectWhole(store, run);
  });

  it('shares runs with others; one of them ends each, and equal machines are written down once', async () => {
    const { store, run, queue } = await queuedToyRun(options);
    await Promise.all(['a', 'b', 'c', 'd'].map((label) => toyWorker({ store, queue, label, slots: 1 })));
    const types = await typesIn(store, run);
    expect(types.filter((type) => type === 'RunFinished')).toHaveLength(1);
    expect(types.filter((type) => type === 'EnvironmentCaptured')).toHaveLength(1);
    await expectWhole(store, run);
  });

  it('ends when it is told to, also while its ledger and its queue stay away', async () => {
    const { store, queue } = await queuedToyRun(options);
    const drain = new AbortController();
    let isAway = false;
    const away = <Result>(act: () => Promise<Result>): Promise<Result> =>
      isAway ? Promise.reject(new PawlError('LEDGER_UNREACHABLE', 'Nobody answers.')) : act();
    const gone: WorkQueue = {
      ...{ offer: queue.offer.bind(queue), pulses: queue.pulses.bind(queue) },
      ...{ unpark: queue.unpark.bind(queue), withdraw: queue.withdraw.bind(queue) },
      items: (run) => away(() => queue.items(run)),
      beat: (pulse) => away(() => queue.beat(pulse)),
      take: (...args) => away(() => queue.take(...args)),
    };
    const onNews = ({ kind }: WorkerNews): void => {
      if (kind === 'left') isAway = true;
      if (kind === 'away') drain.abort();
    };
    const outcome = await toyWorker({
      ...{ store, queue: gone, label: 'a', slots: 1, forever: true, drain: drain.signal, onNews },
    });
    expect(outcome.why).toBe('drained');
    expect(isAway).toBe(true);
  });

  it('takes the episodes of two runs by turns', async () => {
    const { store, ledger, run, queue } = await queuedToyRun(options);
    const other = await startToyRun(ledger, { ...options, strategyVersion: 1, seed: 'other' });
    await queueToyRun(ledger, queue, other);
    await toyWorker({ store, queue, label: 'a', slots: 1 });
    const diary = await eventsOf(ledger, `worker-${toyWorkerName('a')}` as StreamName);
    const order = diary.flatMap((event) => (event.type === 'EpisodeTaken' ? [event.data.run === run] : []));
    expect(order).toEqual([true, false, true, false, true, false]);
  });

  it('leaves a run alone that needs what it does not have', async () => {
    const { store, run, queue } = await queuedToyRun(options);
    const news: WorkerNews[] = [];
    const onNews = (each: WorkerNews) => void news.push(each);
    const capabilities = ['language:python', 'sandbox:scripted'];
    expect(await toyWorker({ store, queue, label: 'a', capabilities, onNews })).toMatchObject({
      why: 'idle',
    });
    expect(news).toEqual([
      { kind: 'unsuitable', run, why: expect.stringMatching(/^it needs language:javascript,/) },
    ]);
    await expect(toyWorker({ store, queue, label: 'b', capabilities, only: [run] })).rejects.toMatchObject({
      code: 'WORKER_UNSUITABLE',
    });
  });

  it('told to stop finishes what it has and takes nothing more', async () => {
    const { store, run, queue } = await queuedToyRun(options);
    const drain = new AbortController();
    const onNews = ({ kind }: WorkerNews) => {
      if (kind === 'took') drain.abort();
    };
    const outcome = await toyWorker({ store, queue, label: 'a', slots: 1, drain: drain.signal, onNews });
    expect(outcome).toEqual({ why: 'drained', left: { finished: 1, fenced: 0, released: 0, failed: 0 } });
    await toyWorker({ store, queue, label: 'b' });
    await expectWhole(store, run);
  });

  it('told to leave at once gives back what it has, which counts against nobody', async () => {
    const { store, ledger, run, queue } = await queuedToyRun(options);
    const gate = new Gate();
    const leave = new AbortController();
    const generator = new ScriptedGenerator({ gate });
    const first = toyWorker({ store, queue, label: 'a', generator, leave: leave.signal });
    await expect.poll(() => generator.requests.length).toBe(2);
    leave.abort(new PawlError('INTERRUPTED', 'now'));
    expect(await first).toEqual({
      why: 'drained',
      left: { finished: 0, fenced: 0, released: 2, failed: 0 },
    });
    await toyWorker({ store, queue, label: 'b' });
    const taken = (await eventsOf(ledger, `worker-${toyWorkerName('b')}` as StreamName)).flatMap((event) =>
      event.type === 'EpisodeTaken' && event.data.from !== null ? [event.data] : [],
    );
    const from = { worker: toyWorkerName('a'), why: 'released' };
    expect(taken.map(({ attempt, from: who }) => [attempt, who])).toEqual([
      [1, from],
      [1, from],
    ]);
    await expectWhole(store, run);
  });
});

describe('fencing', () => {
  it('is by the revision alone: a worker that learns nothing of its lost lease wastes its work and no more', async () => {
    const { store, run, queue } = await queuedToyRun(options, { leaseMs: 60, attemptsMax: 5 });
    const gate = new Gate();
    const generator = new ScriptedGenerator({ gate });
    // Its heartbeats reach nobody, and nobody tells it anything.
    const deaf = instead<WorkQueue>(queue, {
      beat: async () => undefined,
      take: async (...given) => {
        const lease = await queue.take(...given);
        return lease === null ? null : { ...lease, lost: never };
      },
    });
    const drain = new AbortController();
    const first = toyWorker({
      store,
      queue: deaf,
      label: 'a',
      generator,
      forever: true,
      drain: drain.signal,
    });
    await expect.poll(() => generator.requests.length).toBe(2);
    await toyWorker({ store, queue, label: 'b' });
    await expectWhole(store, run);
    const { size } = await store.head();
    drain.abort();
    for (const name of gate.waiting) gate.open(name);
    expect((await first).left).toMatchObject({ finished: 0, fenced: 2 });
    // Two entries of how it left, and that it stopped: nothing of what it did then is in any history.
    expect((await store.head()).size).toBe(size + 3);
    await expectWhole(store, run);
  });
});

describe('a run that others end', () => {
  it('is dropped by a worker that nobody tells so, also while it waits for an answer', async () => {
    const { store, ledger, run, queue } = await queuedToyRun(options, { leaseMs: 60, attemptsMax: 5 });
    const gate = new Gate();
    const drain = new AbortController();
    const deaf = instead<WorkQueue>(queue, { beat: async () => undefined });
    const generator = new ScriptedGenerator({ gate });
    const first = toyWorker({
      store,
      queue: deaf,
      label: 'a',
      generator,
      forever: true,
      drain: drain.signal,
    });
    await expect.poll(() => generator.requests.length).toBe(2);
    await toyWorker({ store, queue, label: 'b' });
    expect(gate.waiting).toHaveLength(2);
    const diary = `worker-${toyWorkerName('a')}` as StreamName;
    const fenced = async () =>
      (await eventsOf(ledger, diary)).filter(({ type }) => type === 'EpisodeLeft').map(({ data }) => data);
    await expect.poll(fenced, { timeout: 5000 }).toMatchObject([{ how: 'fenced' }, { how: 'fenced' }]);
    drain.abort();
    await first;
    await expectWhole(store, run);
  });
});

describe('an episode that fails wherever it is worked on', () => {
  it('is parked with the reason, keeps its run from ending, and is done when a person says so', async () => {
    const { store, ledger, run, queue } = await queuedToyRun(options, { leaseMs: 400, attemptsMax: 2 });
    const poisoned = episodeStream(run, 1);
    const broken = instead<LedgerStore>(store, {
      append: async (request) => {
        if (request.stream === poisoned) throw new PawlError('RECORD_TOO_LARGE', 'It does not fit.');
        return store.append(request);
      },
    });
    const outcome = await toyWorker({ store: broken, queue, label: 'a' });
    expect(outcome).toMatchObject({ why: 'idle', left: { finished: 2, failed: 2 } });
    const parked = (await toyLog(ledger).refresh()).get(run)?.parked;
    expect([...(parked ?? [])]).toEqual([
      [poisoned, { attempts: 2, reason: 'RECORD_TOO_LARGE: It does not fit.' }],
    ]);
    expect(await typesIn(store, run)).not.toContain('RunFinished');
    const services = { ledger, writer, clock: systemClock, queue, log: toyLog(ledger) };
    expect(await retryParked(run, services, never)).toEqual([poisoned]);
    await toyWorker({ store, queue, label: 'b' });
    await expectWhole(store, run);
  });

  it('and kills each worker that takes it is parked by the next one that finds it', async () => {
    const { store, ledger, run, queue } = await queuedToyRun(options, { leaseMs: 40, attemptsMax: 2 });
    for (const worker of ['one', 'two']) {
      // Takes the first episode, and is never heard of again.
      await expect
        .poll(async () => (await queue.take(run, toyWorkerName(worker), 0, never))?.item.episode)
        .toBe(episodeStream(run, 0));
    }
    await toyWorker({ store, queue, label: 'a' });
    const parked = (await toyLog(ledger).refresh()).get(run)?.parked;
    expect([...(parked?.keys() ?? [])]).toEqual([episodeStream(run, 0)]);
    expect(parked?.get(episodeStream(run, 0))?.reason).toMatch(/handed out 2 times/);
  });
});

describe('a queue that was lost', () => {
  it('is filled again from the ledger, without what has ended', async () => {
    const { store, run, queue } = await queuedToyRun(options);
    const drain = new AbortController();
    const onNews = ({ kind }: WorkerNews) => {
      if (kind === 'took') drain.abort();
    };
    await toyWorker({ store, queue, label: 'a', slots: 1, drain: drain.signal, onNews });
    await queue.withdraw(run);
    const news: string[] = [];
    const outcome = await toyWorker({ store, queue, label: 'b', onNews: ({ kind }) => void news.push(kind) });
    expect(outcome.left.finished).toBe(2);
    expect(news).toContain('repaired');
    await expectWhole(store, run);
  });
});

/** The same, but for some of its members. */
function instead<Target extends object>(target: Target, members: Partial<Target>): Target {
  return new Proxy(target, {
    get: (_, name) => {
      const member: unknown = Reflect.get(name in members ? members : target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

import { describe, expect, test } from 'vitest';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import type { AppendRequest, AppendResult, EventStore } from '../../../src/ledger/event-store.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { type Fault, FaultyStore } from '../../support/faulty-store.ts';
import { eventId } from '../record-factory.ts';
import { appendRounds, contentOf, copyOf, original } from './original.ts';

/** How many appends copying takes when nothing goes wrong. */
async function appendsOf(source: EventStore): Promise<number> {
  const counting = new FaultyStore(openMemoryStore(), null, 0);
  await copyOf(source, counting);
  return counting.appends;
}

describe('with a fault at every append in turn', () => {
  const passing: readonly Fault[] = ['fails before', 'acknowledgement lost'];
  const ending: readonly Fault[] = ['disk full', 'dies before', 'dies after'];

  test.for(passing)('the same copying goes on (%s)', async (fault) => {
    const source = await original(12);
    const content = await contentOf(source);
    const appends = await appendsOf(source);
    expect(appends).toBeGreaterThan(15);
    for (let at = 1; at <= appends; at += 1) {
      const target = openMemoryStore();
      expect(await copyOf(source, new FaultyStore(target, fault, at))).toMatchObject({ finished: true });
      expect(await contentOf(target), `append ${at}`).toEqual(content);
    }
  });

  test.for(ending)('the next copying goes on (%s)', async (fault) => {
    const source = await original(12);
    const content = await contentOf(source);
    const appends = await appendsOf(source);
    const sizes = new Set<number>();
    for (let at = 1; at <= appends; at += 1) {
      const target = openMemoryStore();
      await expect(copyOf(source, new FaultyStore(target, fault, at))).rejects.toThrow();
      const part = await contentOf(target);
      expect(part.records, `append ${at}`).toEqual(content.records.slice(0, part.size));
      sizes.add(part.size);
      expect(await copyOf(source, target)).toMatchObject({ already: part.size, finished: true });
      expect(await contentOf(target), `append ${at}`).toEqual(content);
    }
    expect(sizes.size).toBe(appends);
  });
});

/** A target of which one thing is otherwise than it should be. */
class OtherStore extends FaultyStore {
  readonly #append: (request: AppendRequest, store: EventStore) => Promise<AppendResult>;
  readonly #inner: EventStore;

  constructor(
    store: EventStore,
    append: (request: AppendRequest, store: EventStore) => Promise<AppendResult>,
  ) {
    super(store, null, 0);
    this.#inner = store;
    this.#append = append;
  }

  override append(request: AppendRequest): Promise<AppendResult> {
    return this.#append(request, this.#inner);
  }
}

test('a target that stays away is given up, with what is there kept for the next time', async () => {
  const [source, target] = [await original(), openMemoryStore()];
  let appends = 0;
  const away = new OtherStore(target, async (request, store) => {
    appends += 1;
    if (appends <= 10) return store.append(request);
    throw new PawlError('LEDGER_UNREACHABLE', 'Nobody answers.');
  });
  await expect(copyOf(source, away)).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE' });
  const { size } = await target.head();
  expect(size).toBeGreaterThan(10);
  expect(await copyOf(source, target)).toMatchObject({ already: size, finished: true });
  expect(await contentOf(target)).toEqual(await contentOf(source));
});

test('a target that takes less in one append gets it in smaller ones', async () => {
  const [source, target] = [await original(), openMemoryStore()];
  await appendRounds(source, 100, 103);
  let longest = 0;
  const small = new OtherStore(target, async (request, store) => {
    if (request.records.length > 2) throw new PawlError('APPEND_TOO_LARGE', 'Two records at most.');
    longest = Math.max(longest, request.records.length);
    return store.append(request);
  });
  expect(await copyOf(source, small)).toMatchObject({ finished: true });
  expect(longest).toBe(2);
  expect(await contentOf(target)).toEqual(await contentOf(source));
});

test('a record that is too large alone ends the copy', async () => {
  const none = new OtherStore(openMemoryStore(), async () => {
    throw new PawlError('APPEND_TOO_LARGE', 'Nothing at all.');
  });
  await expect(copyOf(await original(), none)).rejects.toMatchObject({ code: 'APPEND_TOO_LARGE' });
});

test('a target that took a later record before an earlier one is not gone on with', async () => {
  const [source, target] = [await original(), openMemoryStore()];
  let dropped = false;
  const reordering = new OtherStore(target, async (request, store) => {
    if (!dropped && request.atPosition === 0) {
      dropped = true;
      throw new PawlError('LEDGER_UNREACHABLE', 'The connection broke.');
    }
    // As a server does that gives out positions itself.
    const { atPosition: _, ...anywhere } = request;
    return store.append(anywhere);
  });
  await expect(copyOf(source, reordering)).rejects.toMatchObject({
    code: 'LEDGER_NOT_EMPTY',
    message: expect.stringMatching(/copy to a place where no ledger is/),
  });
  await expect(copyOf(source, target)).rejects.toMatchObject({ code: 'LEDGER_NOT_EMPTY' });
});

test('somebody else who writes to the target is noticed, and nothing lands behind them', async () => {
  const [source, target] = [await original(), openMemoryStore()];
  let appends = 0;
  const shared = new OtherStore(target, async (request, store) => {
    appends += 1;
    if (appends === 5) await appendRounds(store, 500, 501);
    return store.append(request);
  });
  await expect(copyOf(source, shared)).rejects.toMatchObject({ code: 'LEDGER_NOT_EMPTY' });
  const { records } = await contentOf(target);
  const theirs = records.findIndex((record) => record.includes(` ${eventId(5000)} `));
  expect(records.slice(0, theirs)).toEqual((await contentOf(source)).records.slice(0, theirs));
});

test('two copyings of one ledger at the same time end in one copy', async () => {
  const [source, target] = [await original(), openMemoryStore()];
  const [one, other] = await Promise.all([copyOf(source, target), copyOf(source, target)]);
  expect([one.finished, other.finished]).toEqual([true, true]);
  expect(await contentOf(target)).toEqual(await contentOf(source));
});

test('a copying that is stopped at any moment is gone on with', async () => {
  const source = await original();
  const content = await contentOf(source);
  for (let at = 1; ; at += 1) {
    const target = openMemoryStore();
    const stop = new AbortController();
    let told = 0;
    const onProgress = (): void => {
      told += 1;
      if (told === at) stop.abort();
    };
    const report = await copyOf(source, target, { signal: stop.signal, onProgress });
    const part = await contentOf(target);
    expect(part.records).toEqual(content.records.slice(0, part.size));
    expect(part.size).toBe(report.counts.records);
    if (!stop.signal.aborted) break;
    expect(report.finished).toBe(false);
    expect(await copyOf(source, target)).toMatchObject({ finished: true, already: part.size });
    expect(await contentOf(target), `stopped at ${at}`).toEqual(content);
  }
});

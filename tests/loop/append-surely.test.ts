import { describe, expect, it } from 'vitest';
import type { StreamName } from '../../src/kernel/brand.ts';
import { steppingClock } from '../../src/kernel/clock.ts';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import type { AppendRequest, AppendResult } from '../../src/ledger/event-store.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { appendAttemptsMax, appendSurely } from '../../src/loop/append-surely.ts';
import { FaultyStore } from '../support/faulty-store.ts';
import { toyLedger } from '../support/toy-run.ts';

const stream = 'run-x' as StreamName;
const event = { type: 'RunResumed', data: { unfinished: 1 } } as const;
const writer = { actor: 'test', correlation: '' };

/** Fails the first appends in a given way; keeps every request. */
class Failing extends FaultyStore {
  readonly requests: AppendRequest[] = [];
  readonly #failures: (PawlError | 'stored')[];

  constructor(...failures: readonly (PawlError | 'stored')[]) {
    super(openMemoryStore(), null, 0);
    this.#failures = [...failures];
  }

  override async append(request: AppendRequest): Promise<AppendResult> {
    this.requests.push(request);
    const failure = this.#failures.shift();
    if (failure === undefined) return super.append(request);
    if (failure !== 'stored') throw failure;
    await super.append(request);
    throw broken();
  }
}

const broken = () => new PawlError('STORAGE_FAILED', 'It failed.');

async function append(store: FaultyStore, signal = new AbortController().signal) {
  const ledger = toyLedger(store, 'test');
  const slept: number[] = [];
  const clock = { ...steppingClock(0, 1), sleep: async (ms: number) => void slept.push(ms) };
  const drafts = [ledger.draft(event, writer, null)];
  const result = await appendSurely(ledger, stream, -1, drafts, [], { clock, signal });
  return { result, slept };
}

describe('an append that must not be lost', () => {
  it('is given again unchanged, with growing pauses, until it is stored', async () => {
    const store = new Failing(broken(), new PawlError('LEDGER_BUSY', 'Busy.'), broken());
    const { result, slept } = await append(store);
    expect(result).toEqual({ positions: [0], lastRevision: 0, repeated: false });
    expect(slept).toEqual([50, 150, 450]);
    expect(
      new Set(store.requests.map(({ records }) => Buffer.from(records[0]?.bytes ?? []).toString())).size,
    ).toBe(1);
  });

  it('that was stored and not acknowledged is stored once', async () => {
    const store = new Failing('stored', 'stored');
    expect((await append(store)).result).toEqual({ positions: [0], lastRevision: 0, repeated: true });
    expect((await store.head()).size).toBe(1);
  });

  it('is given up after four attempts, saying so', async () => {
    const store = new Failing(broken(), broken(), broken(), broken(), broken());
    await expect(append(store)).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
      message: expect.stringMatching(/^It failed\. \(tried 4 times; .*resume the run/),
      context: { stream: 'run-x' },
    });
    expect(store.requests).toHaveLength(appendAttemptsMax);
  });

  it.each(['STORAGE_FULL', 'WRONG_EXPECTED_REVISION', 'EVENT_ID_CONFLICT', 'LEDGER_CLOSED'] as const)(
    'is not repeated after %s',
    async (code) => {
      const store = new Failing(new PawlError(code, 'No.'));
      await expect(append(store)).rejects.toMatchObject({ code, message: 'No.' });
      expect(store.requests).toHaveLength(1);
    },
  );

  it('is not begun after an abort', async () => {
    const store = new Failing();
    const reason = new PawlError('INTERRUPTED', 'Stopped.');
    await expect(append(store, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(store.requests).toEqual([]);
  });
});

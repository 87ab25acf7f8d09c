import { describe, expect, test } from 'vitest';
import type { StreamName } from '../../../src/kernel/brand.ts';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import { auditStreams } from '../../../src/ledger/audit/audit-streams.ts';
import { openCheckpoint } from '../../../src/ledger/audit/checkpoint.ts';
import { CheckpointSigner, type SignedHead } from '../../../src/ledger/audit/checkpoint-signer.ts';
import { signingKeyFromSeed } from '../../../src/ledger/audit/note-key.ts';
import { parseSigningKey } from '../../../src/ledger/audit/signed-note.ts';
import type { AppendRequest, AppendResult, EventStore } from '../../../src/ledger/event-store.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { FaultyStore } from '../../support/faulty-store.ts';
import { settle } from '../../support/gate.ts';
import { toyLedger } from '../../support/toy-run.ts';

const pair = signingKeyFromSeed('example.com/ledger', Buffer.alloc(32, 1));
const signer = parseSigningKey(pair.signingKey);
const writer = { actor: 'test', correlation: 'test' };
const stream = 'run-x' as StreamName;
const plain = { type: 'RunResumed', data: { unfinished: 1 } } as const;
const decision = {
  type: 'RunFinished',
  data: { episodes: 1, publicPass: 1, hiddenPass: 1, volatile: { wallMs: 1 } },
} as const;

interface Session {
  readonly ledger: Ledger;
  readonly signed: SignedHead[];
  readonly failures: unknown[];
}

/** A ledger with a key, written in a session that signs. */
async function begin(store: EventStore, label: string, everyRecords = 1000): Promise<Session> {
  const ledger = toyLedger(store, label);
  if ((await ledger.lastRevision(auditStreams.keys)) === -1) {
    const data = { origin: signer.name, verifierKey: pair.verifierKey, everyRecords };
    await ledger.append(auditStreams.keys, -1, [
      ledger.draft({ type: 'SigningKeyRegistered', data }, writer, null),
    ]);
  }
  const signed: SignedHead[] = [];
  const failures: unknown[] = [];
  const observer = await CheckpointSigner.begin({
    ...{ ledger, signer, everyRecords, writer },
    onSigned: async (head) => void signed.push(head),
    onFailure: (error) => failures.push(error),
  });
  ledger.observe(observer);
  return { ledger, signed, failures };
}

async function append(ledger: Ledger, event: typeof plain | typeof decision, count = 1): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const last = await ledger.lastRevision(stream);
    await ledger.append(stream, last, [ledger.draft(event, writer, null)]);
  }
}

/** `type size` of every event, the size for checkpoints only. */
async function story(store: EventStore): Promise<string[]> {
  return (await Array.fromAsync(toyLedger(store, 'reader').readAll())).map((event) =>
    event.type === 'CheckpointSigned' ? `checkpoint of ${event.data.size}` : event.type,
  );
}

describe('a session with a key', () => {
  test('signs after a decision, at the end, and never because of a checkpoint', async () => {
    const store = openMemoryStore();
    const { ledger, signed } = await begin(store, 'a');
    await append(ledger, plain, 2);
    await settle();
    expect(signed).toEqual([]);
    await append(ledger, decision);
    await settle();
    await append(ledger, plain);
    await settle();
    await ledger.close().catch(() => undefined);
    expect(signed.map(({ size }) => size)).toEqual([4, 6]);
  });

  test('signs after so many records', async () => {
    const store = openMemoryStore();
    const { ledger, signed } = await begin(store, 'a', 10);
    for (let index = 0; index < 25; index += 1) {
      await append(ledger, plain);
      await settle();
    }
    expect(signed.map(({ size }) => size)).toEqual([10, 20]);
  });

  test('shares one checkpoint among decisions that come while one is under way', async () => {
    const store = openMemoryStore();
    const { ledger } = await begin(store, 'a');
    const streams = Array.from({ length: 50 }, (_, index) => `run-${index}` as StreamName);
    await Promise.all(streams.map((name) => ledger.append(name, -1, [ledger.draft(decision, writer, null)])));
    await settle();
    const told = await story(store);
    const checkpoints = told.filter((line) => line.startsWith('checkpoint'));
    expect(checkpoints.length).toBeGreaterThan(0);
    expect(checkpoints.length).toBeLessThan(10);
    expect(told.at(-1)).toBe(`checkpoint of ${told.length - 1}`);
  });

  test('writes checkpoints that others open, and that verify', async () => {
    const store = openMemoryStore();
    const { ledger, signed } = await begin(store, 'a');
    await append(ledger, decision);
    await settle();
    const [head] = signed;
    expect(openCheckpoint(head?.note ?? '', pair.verifierKey)).toMatchObject({
      origin: signer.name,
      size: 2,
    });
    const report = await verifyLedger(store);
    expect(report).toMatchObject({ ok: true, checkpoints: 1, lastCheckpoint: { size: 2, holds: true } });
    const trust = { checkpoints: [], verifierKeys: [pair.verifierKey] };
    expect((await verifyLedger(store, { trust })).nothingAltered.verdict).toBe('yes');
  });

  test('leaves a ledger alone that ends with its checkpoint, and covers a tail that a killed session left', async () => {
    const store = openMemoryStore();
    const first = await begin(store, 'a');
    await append(first.ledger, decision);
    await settle();
    // The process is gone here: nothing was closed.
    const second = await begin(new FaultyStore(store, null, 0), 'b');
    await second.ledger.close();
    expect(second.signed).toEqual([]);
    await append(first.ledger, plain, 3);
    const third = await begin(new FaultyStore(store, null, 0), 'c');
    await third.ledger.close();
    expect(third.signed.map(({ size }) => size)).toEqual([6]);
    expect(await story(store)).toEqual([
      ...['SigningKeyRegistered', 'RunFinished', 'checkpoint of 2'],
      ...['RunResumed', 'RunResumed', 'RunResumed', 'checkpoint of 6'],
    ]);
  });
});

/** Fails appends of checkpoints in given ways; everything else works. */
class FailingCheckpoints extends FaultyStore {
  readonly #failures: ('not stored' | 'stored')[];

  constructor(store: EventStore, ...failures: readonly ('not stored' | 'stored')[]) {
    super(store, null, 0);
    this.#failures = [...failures];
  }

  override async append(request: AppendRequest): Promise<AppendResult> {
    const failure = request.stream === auditStreams.checkpoints ? this.#failures.shift() : undefined;
    if (failure === undefined) return super.append(request);
    if (failure === 'stored') await super.append(request);
    throw new PawlError('STORAGE_FAILED', 'It failed.');
  }
}

describe('a checkpoint that cannot be written', () => {
  test('fails no append, is reported once, and is made up for at the end', async () => {
    const store = openMemoryStore();
    const { ledger, signed, failures } = await begin(
      new FailingCheckpoints(store, 'not stored', 'not stored'),
      'a',
    );
    await append(ledger, decision);
    await settle();
    await append(ledger, decision);
    await settle();
    expect([signed.length, failures.length]).toEqual([0, 1]);
    await ledger.close();
    expect(signed.map(({ size }) => size)).toEqual([3]);
    expect((await story(store)).at(-1)).toBe('checkpoint of 3');
  });

  test('fails the end of the session when nothing helps', async () => {
    const store = openMemoryStore();
    const { ledger } = await begin(new FailingCheckpoints(store, 'not stored', 'not stored'), 'a');
    await append(ledger, decision);
    await settle();
    await expect(ledger.close()).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
    expect(await story(store)).toEqual(['SigningKeyRegistered', 'RunFinished']);
  });

  test('is found to be there when only its acknowledgement was lost', async () => {
    const store = openMemoryStore();
    const { ledger, failures } = await begin(new FailingCheckpoints(store, 'stored'), 'a');
    await append(ledger, decision);
    await settle();
    await append(ledger, decision);
    await settle();
    await ledger.close();
    expect(failures).toHaveLength(1);
    expect(await story(store)).toEqual([
      ...['SigningKeyRegistered', 'RunFinished', 'checkpoint of 2'],
      ...['RunFinished', 'checkpoint of 4'],
    ]);
    expect((await verifyLedger(store)).ok).toBe(true);
  });
});

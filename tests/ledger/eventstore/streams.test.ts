import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { leafHash } from '../../../src/ledger/audit/tree-hash.ts';
import { parseEventstoreAddress } from '../../../src/ledger/stores/eventstore/address.ts';
import { openDbClient } from '../../../src/ledger/stores/eventstore/db-client/open-db-client.ts';
import { eventUuid } from '../../../src/ledger/stores/eventstore/event-uuid.ts';
import type { EventstoreStore } from '../../../src/ledger/stores/eventstore/eventstore-store.ts';
import type { LogClient, NewLogEvent } from '../../../src/ledger/stores/eventstore/log-client.ts';
import { startWireServer, type WireServer } from '../../wire/server/wire-server.ts';
import { blob, collect, describeRecord, record, request, stream } from '../record-factory.ts';
import { freshPrefix, openOnWire, testTimings } from './ledger-on-wire.ts';

const timeoutMs = 5_000;
const noLimits = { maxCount: null, maxAgeSeconds: null, truncateBefore: null };

describe('a ledger opened for streams alone', () => {
  let server: WireServer;
  let bare: LogClient;
  beforeAll(async () => {
    server = await startWireServer();
    bare = await openDbClient(parseEventstoreAddress(server.url).settings);
  });
  afterAll(async () => {
    await bare.dispose();
    await server.stop();
  });

  async function fresh(): Promise<{
    store: EventstoreStore;
    prefix: string;
    reopen: () => Promise<EventstoreStore>;
  }> {
    const prefix = freshPrefix();
    const reopen = async (): Promise<EventstoreStore> => {
      const store = await openOnWire(`${server.url}&prefix=${prefix}`, { scope: 'streams' });
      onTestFinished(() => store.close().catch(() => undefined));
      return store;
    };
    return { store: await reopen(), prefix, reopen };
  }

  const event = (number: number, bytes: Uint8Array = record(number).bytes): NewLogEvent => ({
    id: eventUuid(leafHash(bytes)),
    type: 'Record',
    data: bytes,
    metadata: Buffer.from(JSON.stringify({ ulid: record(number).id })),
  });

  test('appends and reads, and knows no positions', async () => {
    const { store } = await fresh();
    expect(await store.append(request('a', -1, [record(1), record(2)]))).toEqual({
      positions: [-1, -1],
      lastRevision: 1,
      repeated: false,
    });
    expect((await collect(store.readStream(stream('a'), 1))).map(describeRecord)).toEqual([
      '-1 test-a/1 record 2',
    ]);
    expect(await store.lastRevision(stream('a'))).toBe(1);
    const streamsOnly = { code: 'LEDGER_STREAMS_ONLY' };
    await expect(store.head()).rejects.toMatchObject(streamsOnly);
    const stop = new AbortController();
    for (const read of [
      store.readAll(),
      store.readTexts(),
      store.readLeaves(),
      store.subscribe(0, stop.signal),
      store.streams(''),
      store.blobDigests(),
    ]) {
      await expect(collect<unknown>(read)).rejects.toMatchObject(streamsOnly);
    }
  });

  test('reads a long stream in pages, each record at its place', async () => {
    const { store } = await fresh();
    const records = Array.from({ length: 1203 }, (_, index) => record(index));
    await store.append(request('a', -1, records));
    const read = await collect(store.readStream(stream('a'), 3));
    expect(read.map(({ revision }) => revision)).toEqual(records.slice(3).map((_, index) => index + 3));
    expect(read.map(({ id }) => id)).toEqual(records.slice(3).map(({ id }) => id));
  });

  test('keeps the exact bytes in an event whose id and type follow from them', async () => {
    const { store, prefix } = await fresh();
    const bytes = Buffer.from(
      '{"actor":"x","data":{"type":"Not","version":2},"type":"RunStarted","version":1}',
    );
    await store.append(request('a', -1, [{ ...record(1), bytes }]));
    const [stored] = await bare.readStream(
      `${prefix}.test-a`,
      { from: 0, direction: 'forwards', countMax: 2 },
      timeoutMs,
    );
    expect(stored).toMatchObject({ type: 'RunStarted', id: eventUuid(leafHash(bytes)), revision: 0 });
    expect(Buffer.from(stored?.data ?? []).equals(bytes)).toBe(true);
    expect(Buffer.from(stored?.metadata ?? []).toString()).toBe(`{"ulid":"${record(1).id}"}`);
    expect(stored?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test.for([
    { limit: { maxCount: 10 }, words: '$maxCount 10' },
    { limit: { maxAgeSeconds: 60 }, words: '$maxAge 60' },
    { limit: { truncateBefore: 1 }, words: '$tb 1' },
  ])('refuses a stream whose metadata drops events: $words', async ({ limit, words }) => {
    const { store, prefix, reopen } = await fresh();
    await store.append(request('a', -1, [record(1), record(2)]));
    await bare.writeMetadata(`${prefix}.test-a`, { ...noLimits, ...limit }, timeoutMs);
    const later = await reopen();
    const refusal = await later.append(request('a', 1, [record(3)])).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'STREAM_TRUNCATED', context: { stream: `${prefix}.test-a` } });
    expect((refusal as Error).message).toContain(`has metadata that drops events (${words})`);
    await expect(collect(later.readStream(stream('a')))).rejects.toMatchObject({ code: 'STREAM_TRUNCATED' });
    await expect(later.lastRevision(stream('a'))).rejects.toMatchObject({ code: 'STREAM_TRUNCATED' });
    // Nothing was stored, and other streams are as they were.
    await bare.writeMetadata(`${prefix}.test-a`, noLimits, timeoutMs);
    expect(await later.lastRevision(stream('a'))).toBe(1);
  });

  test('names a gap that appears while it is open', async () => {
    const { store, prefix } = await fresh();
    await store.append(request('a', -1, [record(1), record(2), record(3)]));
    expect(await store.lastRevision(stream('a'))).toBe(2);
    await bare.writeMetadata(`${prefix}.test-a`, { ...noLimits, truncateBefore: 2 }, timeoutMs);
    const refusal = await collect(store.readStream(stream('a'))).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'STREAM_TRUNCATED' });
    expect((refusal as Error).message).toContain('has no event 0; the next one is 2');
  });

  test('names a stream that was deleted for good, whatever is asked of it', async () => {
    const { store, prefix, reopen } = await fresh();
    await store.append(request('a', -1, [record(1)]));
    await store.close();
    await bare.tombstone(`${prefix}.test-a`, timeoutMs);
    const later = await reopen();
    const questions: readonly (() => Promise<unknown>)[] = [
      () => later.append(request('a', 0, [record(2)])),
      () => later.append(request('a', -1, [record(1)])),
      () => collect(later.readStream(stream('a'))),
      () => later.lastRevision(stream('a')),
    ];
    for (const ask of questions) {
      const refusal = await ask().catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: 'STREAM_TRUNCATED' });
      expect((refusal as Error).message).toContain(`"${prefix}.test-a"`);
    }
  });

  test('names an event that is no record, and one with other bytes than its id says', async () => {
    const { store, prefix } = await fresh();
    await bare.append(`${prefix}.test-a`, -1, [{ ...event(1), metadata: Buffer.from('{}') }], timeoutMs);
    await bare.append(`${prefix}.test-b`, -1, [{ ...event(1), id: event(2).id }], timeoutMs);
    for (const [name, words] of [
      ['a', 'is no record of a ledger'],
      ['b', 'holds other bytes than were stored under its id'],
    ] as const) {
      const refusal = await collect(store.readStream(stream(name))).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: 'LEDGER_CORRUPT' });
      expect((refusal as Error).message).toContain(words);
    }
  });

  test('reads back what was acknowledged; once that does not hold, nothing goes on', async () => {
    const { store, prefix } = await fresh();
    // Somebody wrote other bytes under the id that the record's append will have: to the server they are the same.
    await bare.append(
      `${prefix}.test-a`,
      -1,
      [{ ...event(1, Buffer.from('other bytes')), id: event(1).id }],
      timeoutMs,
    );
    await store.append(request('a', -1, [record(1)]));
    await expect
      .poll(
        () =>
          store.append(request('b', -1, [record(2)])).then(
            () => 'appended',
            (error) => error.code,
          ),
        { timeout: 20_000 },
      )
      .toBe('LEDGER_CORRUPT');
    await expect(store.getBlob(blob('x').digest)).rejects.toMatchObject({ code: 'LEDGER_CORRUPT' });
    await expect(store.close()).rejects.toMatchObject({ code: 'LEDGER_CORRUPT' });
  });

  test('waits for what is still to be read back when it closes', async () => {
    const { store } = await fresh();
    const before = (await server.faultCounts())['read: slow'] ?? 0;
    await store.append(request('a', -1, [record(1)]));
    await server.setFaults([{ operation: 'read', fault: 'slow', delayMs: 50 }]);
    await store.close();
    await server.setFaults([]);
    expect((await server.faultCounts())['read: slow']).toBeGreaterThan(before);
  });

  test('notices that its database was made anew', async () => {
    const alone = await startWireServer();
    onTestFinished(() => alone.stop());
    const store = await openOnWire(`${alone.url}&prefix=${freshPrefix()}`, {
      scope: 'streams',
      timings: testTimings,
    });
    onTestFinished(() => store.close().catch(() => undefined));
    await store.append(request('a', -1, [record(1)]));
    await expect.poll(() => store.lastRevision(stream('a'))).toBe(0);
    await alone.recreate();
    const refusal = await store.append(request('a', 0, [record(2)])).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'LEDGER_REPLACED' });
  });
});

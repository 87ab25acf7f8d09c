import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { EventstoreStore } from '../../../src/ledger/stores/eventstore/eventstore-store.ts';
import type { Fault } from '../../wire/server/faults.ts';
import { startWireServer, type WireServer } from '../../wire/server/wire-server.ts';
import { allRecords, blob, collect, describeRecord, record, request, stream } from '../record-factory.ts';
import { freshPrefix, openOnWire, testTimings } from './ledger-on-wire.ts';

const timings = { ...testTimings, callTimeoutMs: 250 };

describe.each([
  { path: 'batch', batchAppend: true },
  { path: 'classic', batchAppend: false },
])('an append over the $path path', ({ batchAppend }) => {
  let server: WireServer;
  beforeAll(async () => {
    server = await startWireServer({ batchAppend });
  });
  afterAll(() => server.stop());

  async function fresh(
    scope: 'ledger' | 'streams' = 'ledger',
  ): Promise<{ store: EventstoreStore; prefix: string }> {
    await server.setFaults([]);
    const prefix = freshPrefix();
    const store = await openOnWire(`${server.url}&prefix=${prefix}`, { scope, timings });
    onTestFinished(async () => {
      await server.setFaults([]);
      await store.close();
    });
    return { store, prefix };
  }

  const faults: readonly {
    readonly fault: Fault;
    readonly delayMs?: number;
    readonly batchOnly?: boolean;
  }[] = [
    { fault: 'mute' },
    { fault: 'mute after commit' },
    { fault: 'drop before commit' },
    { fault: 'drop after commit' },
    { fault: 'mute stream', batchOnly: true },
    { fault: 'drop after half', batchOnly: false },
    { fault: 'half-close', batchOnly: true },
    { fault: 'half-close after commit', batchOnly: true },
    { fault: 'unknown correlation id', batchOnly: true },
    { fault: 'duplicate reply', batchOnly: true },
    { fault: 'late reply', delayMs: 100 },
    { fault: 'late reply', delayMs: 400 },
    { fault: 'late commit', delayMs: 400 },
    { fault: 'not leader' },
    { fault: 'no leader' },
    { fault: 'not ready' },
    { fault: 'commit timeout' },
    { fault: 'commit timeout after commit' },
    { fault: 'unknown error' },
    { fault: 'bad frame' },
  ];
  const possible = faults.filter(({ batchOnly }) => (batchOnly ?? batchAppend) === batchAppend);

  test.for(possible)(
    'is stored once, and is no repetition, after: $fault ($delayMs ms)',
    async ({ fault, delayMs }) => {
      const { store, prefix } = await fresh();
      await store.append(request('before', -1, [record(1)]));
      const { host, port } = server;
      const rule = {
        operation: 'append',
        fault,
        streamPrefix: `${prefix}.`,
        calls: [1],
        leader: { host, port },
      } as const;
      await server.setFaults([delayMs === undefined ? rule : { ...rule, delayMs }]);
      const settled = await Promise.all([
        store.append(request('a', -1, [record(2), record(3)], [blob('of a')])),
        store.append(request('a', 1, [record(4)])),
        store.append(request('b', -1, [record(5)])),
      ]);
      expect(settled.map(({ lastRevision, repeated }) => [lastRevision, repeated])).toEqual([
        [1, false],
        [2, false],
        [0, false],
      ]);
      const inA = (await collect(store.readStream(stream('a')))).map(describeRecord);
      expect(inA.map((line) => line.replace(/^\d+ /, ''))).toEqual([
        'test-a/0 record 2',
        'test-a/1 record 3',
        'test-a/2 record 4',
      ]);
      expect((await allRecords(store)).length).toBe(5);
      // Told from a first time also where the first answer was lost.
      expect((await store.append(request('a', -1, [record(2), record(3)]))).repeated).toBe(true);
      expect(Object.keys(await server.faultCounts())).toContain(
        `${batchAppend ? 'batch' : 'classic'} append: ${fault}`,
      );
    },
  );

  test('that others were ahead of is late, also when its first answer was lost', async () => {
    const { store, prefix } = await fresh('streams');
    const other = await openOnWire(`${server.url}&prefix=${prefix}`, { scope: 'streams' });
    onTestFinished(() => other.close());
    await other.append(request('a', -1, [record(1)]));
    await server.setFaults([{ operation: 'append', fault: 'mute', streamPrefix: `${prefix}.`, calls: [1] }]);
    await expect(store.append(request('a', -1, [record(2)]))).rejects.toMatchObject({
      code: 'WRONG_EXPECTED_REVISION',
      context: { stream: 'test-a', expected: -1, actual: 0 },
    });
    // The same place, the same id, other bytes.
    await expect(store.append(request('a', -1, [record(1, 'forged')]))).rejects.toMatchObject({
      code: 'EVENT_ID_CONFLICT',
    });
    expect(await store.append(request('a', -1, [record(1)]))).toEqual({
      positions: [-1],
      lastRevision: 0,
      repeated: true,
    });
  });

  test('fails in bounded time when nobody answers, and says what to do', async () => {
    const prefix = freshPrefix();
    const store = await openOnWire(`${server.url}&prefix=${prefix}`, {
      scope: 'streams',
      timings: { ...timings, patienceMs: 600, openPatienceMs: 100 },
    });
    onTestFinished(() => store.close());
    await server.setFaults([{ operation: 'append', fault: 'mute' }]);
    const failure = await store.append(request('a', -1, [record(1)])).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'LEDGER_UNREACHABLE' });
    expect((failure as Error).message.replaceAll(/127.*?( did)/g, 'SERVER$1')).toMatchInlineSnapshot(
      `"esdb://SERVER did not answer in time (an append had no answer within 250 ms). Check that the cluster is up and has a leader; then do the same again, nothing is written twice."`,
    );
    await server.setFaults([]);
    expect(await store.append(request('a', -1, [record(1)]))).toEqual({
      positions: [-1],
      lastRevision: 0,
      repeated: false,
    });
  });

  test('is refused before it is sent when the server would not take it', async () => {
    const { store } = await fresh();
    const bytes = Buffer.alloc(32 * 1024, 'x');
    const many = Array.from({ length: 33 }, (_, index) => ({ ...record(index), bytes }));
    const failure = await store.append(request('a', -1, many)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'APPEND_TOO_LARGE', context: { bytesMax: 1_048_576 } });
    expect((failure as Error).message).toMatchInlineSnapshot(
      `"33 records for "test-a" take 1082961 bytes; the server takes 1048576 in one append. Split the work, or raise the limit on the server and in the address (appendBytesMax=)."`,
    );
    expect(await store.lastRevision(stream('a'))).toBe(-1);
    // As much as goes in goes in, by the server's own count.
    const most = many.slice(0, 31);
    expect((await store.append(request('a', -1, most))).lastRevision).toBe(30);
  });

  test('is of the bytes that were there when it was asked for', async () => {
    const { store } = await fresh();
    const bytes = Buffer.from('as given');
    const content = Buffer.from('blob as given');
    const given = { digest: blob('blob as given').digest, bytes: content };
    const appended = store.append(request('a', -1, [{ ...record(1), bytes }], [given]));
    bytes.fill('!');
    content.fill('!');
    await appended;
    expect(await allRecords(store)).toEqual(['0 test-a/0 as given']);
    expect(Buffer.from(await store.getBlob(given.digest)).toString()).toBe('blob as given');
  });

  test('of many that name their place are stored in the order in which they were asked for', async () => {
    const { store } = await fresh();
    const appends = Array.from({ length: 200 }, (_, index) => ({
      ...request(
        `s${index % 7}`,
        Math.floor(index / 7) - 1,
        [record(index)],
        index % 5 === 0 ? [blob(`${index}`)] : [],
      ),
      atPosition: index,
    }));
    const results = await Promise.all(appends.map((append) => store.append(append)));
    expect(results.map(({ positions }) => positions[0])).toEqual(appends.map(({ atPosition }) => atPosition));
  });

  test('that names its place is not issued again when nobody knows what became of it', async () => {
    const { store, prefix } = await fresh();
    await store.append({ ...request('a', -1, [record(1)]), atPosition: 0 });
    await server.setFaults([{ operation: 'append', fault: 'mute', streamPrefix: `${prefix}.`, calls: [1] }]);
    await expect(store.append({ ...request('b', -1, [record(2)]), atPosition: 1 })).rejects.toMatchObject({
      code: 'LEDGER_UNREACHABLE',
    });
    expect(await allRecords(store)).toEqual(['0 test-a/0 record 1']);
  });
});

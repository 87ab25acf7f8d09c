import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { EventstoreStore } from '../../../src/ledger/stores/eventstore/eventstore-store.ts';
import { startWireServer, type WireServer } from '../../wire/server/wire-server.ts';
import { blob, record, request, stream } from '../record-factory.ts';
import { freshPrefix, openOnWire, testTimings } from './ledger-on-wire.ts';

describe.each([
  { path: 'batch', batchAppend: true, appending: { 'batch append': 1 } },
  { path: 'classic', batchAppend: false, appending: {} },
])('what stays open on the server ($path path)', ({ batchAppend, appending }) => {
  let server: WireServer;
  beforeAll(async () => {
    server = await startWireServer({ batchAppend });
  });
  afterAll(() => server.stop());

  /** Waits until exactly these calls are open. */
  async function open(calls: Readonly<Record<string, number>>): Promise<void> {
    await expect.poll(() => server.openCalls(), { timeout: 5_000 }).toEqual(calls);
  }

  async function fresh(scope: 'ledger' | 'streams'): Promise<EventstoreStore> {
    const store = await openOnWire(`${server.url}&prefix=${freshPrefix()}`, {
      scope,
      timings: { ...testTimings, callTimeoutMs: 300, patienceMs: 300, openPatienceMs: 100 },
    });
    onTestFinished(async () => {
      await server.setFaults([]);
      await store.close().catch(() => undefined);
      await open({});
    });
    const records = Array.from({ length: 1200 }, (_, index) => record(index));
    await store.append(request('a', -1, records, [blob('of a')]));
    return store;
  }

  test('is the one stream of appends, and the one following of a whole ledger', async () => {
    const store = await fresh('ledger');
    await open({ ...appending, subscribe: 1 });
    const other = await fresh('streams');
    await open(batchAppend ? { 'batch append': 2, subscribe: 1 } : { subscribe: 1 });
    await other.close();
    await open({ ...appending, subscribe: 1 });
    await store.close();
    await open({});
  });

  test('is nothing more after reads that were left early', async () => {
    const store = await fresh('ledger');
    for (const read of [
      () => store.readStream(stream('a')),
      () => store.readAll(),
      () => store.readTexts(),
      () => store.subscribe(0, new AbortController().signal),
      () => store.streams(''),
      () => store.blobDigests(),
    ]) {
      for (let times = 0; times < 5; times += 1) for await (const _ of read()) break;
    }
    await open({ ...appending, subscribe: 1 });
  });

  test('is nothing more after reads that failed in between', async () => {
    const store = await fresh('ledger');
    const failing = async (): Promise<void> => {
      for await (const _ of store.readStream(stream('a'))) throw new Error('enough');
    };
    await expect(failing()).rejects.toThrow('enough');
    const pages = store.readStream(stream('a'))[Symbol.asyncIterator]();
    await pages.next();
    await pages.return?.();
    await open({ ...appending, subscribe: 1 });
  });

  test('is nothing more after a subscription that was aborted, before, while and after it waited', async () => {
    const store = await fresh('ledger');
    const early = AbortSignal.abort();
    for await (const _ of store.subscribe(0, early)) throw new Error('It was aborted before.');
    const end = new AbortController();
    let seen = 0;
    const waiting = (async () => {
      for await (const _ of store.subscribe(0, end.signal)) seen += 1;
    })();
    await expect.poll(() => seen).toBe(1200);
    end.abort();
    await waiting;
    await open({ ...appending, subscribe: 1 });
  });

  test('is nothing more after calls that had no answer in time', async () => {
    const store = await fresh('streams');
    await open(appending);
    await server.setFaults([{ operation: 'read', fault: 'mute' }]);
    const unreachable = { code: 'LEDGER_UNREACHABLE' };
    await expect(store.lastRevision(stream('a'))).rejects.toMatchObject(unreachable);
    await expect(store.readStream(stream('b'))[Symbol.asyncIterator]().next()).rejects.toMatchObject(
      unreachable,
    );
    await expect(store.getBlob(blob('of a').digest)).rejects.toMatchObject(unreachable);
    await open(appending);
    await server.setFaults([{ operation: 'append', fault: 'mute' }]);
    await expect(store.append(request('a', 1199, [record(2000)]))).rejects.toMatchObject(unreachable);
    await open(appending);
  });

  test('is nothing more after a following that is not confirmed, and none after closing in the midst of everything', async () => {
    const store = await fresh('ledger');
    await server.setFaults([
      { operation: 'subscribe', fault: 'mute' },
      { operation: 'read all', fault: 'mute' },
      { operation: 'read', fault: 'slow', delayMs: 5 },
    ]);
    await server.cutConnections();
    const reading = [
      store.readStream(stream('a')),
      store.readAll(),
      store.subscribe(0, new AbortController().signal),
    ];
    const ended = Promise.allSettled(
      reading.map(async (read) => {
        for await (const _ of read);
      }),
    );
    await expect.poll(async () => (await server.openCalls())['read']).toBeGreaterThan(0);
    await store.close().catch(() => undefined);
    await ended;
    await open({});
  });
});

import { describe, expect, test } from 'vitest';
import { collect, describeRecord, record, request } from '../record-factory.ts';
import { type OpenStore, openUntilFinished } from './open-until-finished.ts';

/** Subscriptions. */
export function followingContract(name: string, open: OpenStore): void {
  describe(`${name}: following`, () => {
    test('gives what is there, then what comes, each record once', async () => {
      const store = await openUntilFinished(open);
      await store.append(request('a', -1, [record(0), record(1)]));
      const stop = new AbortController();
      const seen: string[] = [];
      const following = (async () => {
        for await (const stored of store.subscribe(1, stop.signal)) {
          seen.push(describeRecord(stored));
          if (stored.position === 600) stop.abort();
        }
      })();
      for (let index = 2; index <= 600; index += 1) {
        const appended = store.append(request('a', index - 1, [record(index)]));
        if (index % 7 === 0) await appended;
      }
      await following;
      expect(seen).toEqual(
        Array.from({ length: 600 }, (_, index) => `${index + 1} test-a/${index + 1} record ${index + 1}`),
      );
    });

    test('ends when aborted, also while it waits', async () => {
      const store = await openUntilFinished(open);
      const stop = new AbortController();
      const next = store.subscribe(0, stop.signal)[Symbol.asyncIterator]().next();
      stop.abort();
      expect(await next).toEqual({ done: true, value: undefined });
      expect(await collect(store.subscribe(0, AbortSignal.abort()))).toEqual([]);
    });

    test('says that the ledger was closed to who was waiting', async () => {
      const store = await open();
      const next = store.subscribe(0, new AbortController().signal)[Symbol.asyncIterator]().next();
      const refused = expect(next).rejects.toMatchObject({ code: 'LEDGER_CLOSED' });
      await store.close();
      await refused;
    });
  });
}

import { describe, expect, test } from 'vitest';
import { allRecords, blob, collect, eventId, record, request } from '../record-factory.ts';
import { type OpenStore, openUntilFinished } from './open-until-finished.ts';

/** What a store refuses beyond `eventStoreContract` when it judges every append with the whole ledger in view: ids that are known
 * at another place, and blobs that came with what it refused. A store that judges by one stream leaves the first to `verify`. */
export function wholeViewContract(name: string, open: OpenStore): void {
  describe(`${name}: the whole ledger in view`, () => {
    test('refuses a known id with other bytes, wherever it is', async () => {
      const store = await openUntilFinished(open);
      await store.append(request('a', -1, [record(1), record(2)]));
      const attempts = [
        request('a', -1, [record(1, 'forged')]),
        request('a', 1, [record(1, 'forged')]),
        request('a', 1, [record(3), record(2, 'forged')]),
        request('b', -1, [record(1, 'forged')]),
        request('b', 5, [record(2, 'forged')]),
      ];
      for (const attempt of attempts) {
        await expect(store.append(attempt)).rejects.toMatchObject({ code: 'EVENT_ID_CONFLICT' });
      }
      expect(await allRecords(store)).toEqual(['0 test-a/0 record 1', '1 test-a/1 record 2']);
    });

    test('refuses the same bytes at another place', async () => {
      const store = await openUntilFinished(open);
      await store.append(request('a', -1, [record(1)]));
      await expect(store.append(request('a', 0, [record(1)]))).rejects.toMatchObject({
        code: 'EVENT_ID_CONFLICT',
        context: { id: eventId(1) },
      });
      await expect(store.append(request('b', -1, [record(1)]))).rejects.toMatchObject({
        code: 'EVENT_ID_CONFLICT',
      });
      await expect(store.append(request('a', 3, [record(1)]))).rejects.toMatchObject({
        code: 'WRONG_EXPECTED_REVISION',
      });
      await expect(store.append(request('c', -1, [record(2), record(2)]))).rejects.toMatchObject({
        code: 'EVENT_ID_CONFLICT',
        context: { id: eventId(2) },
      });
      expect((await store.head()).size).toBe(1);
      expect(await collect(store.streams(''))).toEqual(['test-a']);
    });

    test('refuses a batch of which a part is stored elsewhere', async () => {
      const store = await openUntilFinished(open);
      await store.append(request('a', -1, [record(1), record(2)]));
      await expect(store.append(request('a', -1, [record(1), record(2), record(3)]))).rejects.toMatchObject({
        code: 'WRONG_EXPECTED_REVISION',
        context: { expected: -1, actual: 1 },
      });
      await expect(store.append(request('a', 1, [record(3), record(1)]))).rejects.toMatchObject({
        code: 'EVENT_ID_CONFLICT',
      });
      expect((await store.head()).size).toBe(2);
    });

    test('takes the appends of a tick in the order they were asked for, over all streams', async () => {
      const store = await openUntilFinished(open);
      await store.append(request('a', -1, [record(1)]));
      const settled = await Promise.allSettled([
        store.append(request('a', 0, [record(2)])),
        store.append(request('a', 0, [record(3)])),
        store.append(request('b', -1, [record(1, 'forged')])),
        store.append(request('a', 0, [record(2)])),
        store.append(request('b', -1, [record(4), record(5)], [blob('of b')])),
        store.append(request('c', -1, [record(6)], [{ ...blob('x'), bytes: Buffer.from('y') }])),
        store.append(request('b', 1, [record(7)])),
      ]);
      expect(settled.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.code))).toEqual([
        { positions: [1], lastRevision: 1, repeated: false },
        'WRONG_EXPECTED_REVISION',
        'EVENT_ID_CONFLICT',
        { positions: [1], lastRevision: 1, repeated: true },
        { positions: [2, 3], lastRevision: 1, repeated: false },
        'BLOB_CORRUPT',
        { positions: [4], lastRevision: 2, repeated: false },
      ]);
      expect(await allRecords(store, 1)).toEqual([
        '1 test-a/1 record 2',
        '2 test-b/0 record 4',
        '3 test-b/1 record 5',
        '4 test-b/2 record 7',
      ]);
    });

    test('stores nothing behind an append that failed, of those that name their place', async () => {
      const store = await openUntilFinished(open);
      const at = (atPosition: number, ...[name, revision, records, blobs]: Parameters<typeof request>) =>
        store.append({ ...request(name, revision, records, blobs), atPosition });
      const settled = await Promise.allSettled([
        at(0, 'a', -1, [record(1), record(2)]),
        at(2, 'b', 3, [record(3)]),
        at(3, 'c', -1, [record(4)], [blob('of c')]),
        at(4, 'a', 1, [record(5)]),
        at(0, 'a', -1, [record(1), record(2)]),
      ]);
      expect(settled.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.code))).toEqual([
        { positions: [0, 1], lastRevision: 1, repeated: false },
        'WRONG_EXPECTED_REVISION',
        'LEDGER_NOT_EMPTY',
        'LEDGER_NOT_EMPTY',
        { positions: [0, 1], lastRevision: 1, repeated: true },
      ]);
      expect(await allRecords(store)).toEqual(['0 test-a/0 record 1', '1 test-a/1 record 2']);
      expect(await collect(store.blobDigests())).toEqual([]);
    });

    test('does not store the blobs of a refused append', async () => {
      const store = await openUntilFinished(open);
      await expect(store.append(request('a', 4, [record(1)], [blob('lost')]))).rejects.toMatchObject({
        code: 'WRONG_EXPECTED_REVISION',
      });
      expect(await collect(store.blobDigests())).toEqual([]);
    });
  });
}

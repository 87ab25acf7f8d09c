import { describe, expect, test } from 'vitest';
import { allRecords, collect, eventId, record, request } from '../record-factory.ts';
import { type OpenStore, openUntilFinished } from './open-until-finished.ts';

/** What makes an append a repetition, a conflict, or late. */
export function repeatingContract(name: string, open: OpenStore): void {
  describe(`${name}: repeating`, () => {
    test('refuses any but the exact revision, and says which one it is', async () => {
      const store = await openUntilFinished(open);
      await store.append(request('a', -1, [record(1), record(2)]));
      for (const expected of [-1, 0, 2, 7]) {
        await expect(store.append(request('a', expected, [record(9)]))).rejects.toMatchObject({
          code: 'WRONG_EXPECTED_REVISION',
          context: { stream: 'test-a', expected, actual: 1 },
        });
      }
      await expect(store.append(request('new', 0, [record(9)]))).rejects.toMatchObject({
        code: 'WRONG_EXPECTED_REVISION',
        context: { actual: -1 },
      });
      expect(await allRecords(store)).toEqual(['0 test-a/0 record 1', '1 test-a/1 record 2']);
      expect(await collect(store.streams(''))).toEqual(['test-a']);
    });

    test('repeats an append with the original positions and writes nothing', async () => {
      const store = await openUntilFinished(open);
      await store.append(request('other', -1, [record(1)]));
      await store.append(request('a', -1, [record(2), record(3)]));
      await store.append(request('a', 1, [record(4)]));
      const head = await store.head();
      const again = { positions: [1, 2], lastRevision: 1, repeated: true };
      expect(await store.append(request('a', -1, [record(2), record(3)]))).toEqual(again);
      expect(await store.append(request('a', 0, [record(3)]))).toEqual({
        positions: [2],
        lastRevision: 1,
        repeated: true,
      });
      // Two appends repeated as one are still exactly these records at exactly this place.
      expect(await store.append(request('a', 0, [record(3), record(4)]))).toEqual({
        positions: [2, 3],
        lastRevision: 2,
        repeated: true,
      });
      expect(await store.head()).toEqual(head);
    });

    test('refuses a known id with other bytes at its place', async () => {
      const store = await openUntilFinished(open);
      await store.append(request('a', -1, [record(1), record(2)]));
      const attempts = [
        request('a', -1, [record(1, 'forged')]),
        request('a', -1, [record(1, 'forged'), record(2)]),
        request('a', -1, [record(1), record(2, 'forged')]),
        request('a', 0, [record(2, 'forged')]),
      ];
      for (const attempt of attempts) {
        await expect(store.append(attempt)).rejects.toMatchObject({ code: 'EVENT_ID_CONFLICT' });
      }
      expect(await allRecords(store)).toEqual(['0 test-a/0 record 1', '1 test-a/1 record 2']);
    });

    test('refuses an id that occurs twice in one request', async () => {
      const store = await openUntilFinished(open);
      for (const second of [record(2), record(2, 'other bytes')]) {
        await expect(store.append(request('c', -1, [record(2), second]))).rejects.toMatchObject({
          code: 'EVENT_ID_CONFLICT',
          context: { id: eventId(2) },
        });
      }
      expect((await store.head()).size).toBe(0);
      expect(await collect(store.streams(''))).toEqual([]);
    });

    test('refuses known records at a wrong revision, which are no repetition', async () => {
      const store = await openUntilFinished(open);
      await store.append(request('a', -1, [record(1), record(2)]));
      for (const attempt of [
        request('a', 3, [record(1)]),
        request('a', -1, [record(2)]),
        request('a', 0, [record(1)]),
      ]) {
        await expect(store.append(attempt)).rejects.toMatchObject({
          code: 'WRONG_EXPECTED_REVISION',
          context: { actual: 1 },
        });
      }
      expect((await store.head()).size).toBe(2);
    });

    test('refuses a batch of which only a part is stored', async () => {
      const store = await openUntilFinished(open);
      await store.append(request('a', -1, [record(1), record(2)]));
      await expect(store.append(request('a', -1, [record(1), record(2), record(3)]))).rejects.toMatchObject({
        code: 'WRONG_EXPECTED_REVISION',
        context: { expected: -1, actual: 1 },
      });
      await expect(store.append(request('a', 0, [record(2), record(3)]))).rejects.toMatchObject({
        code: 'WRONG_EXPECTED_REVISION',
        context: { expected: 0, actual: 1 },
      });
      expect((await store.head()).size).toBe(2);
    });
  });
}

import { describe, expect, test } from 'vitest';
import { sha256Hex } from '../../../src/kernel/digest.ts';
import type { AppendResult } from '../../../src/ledger/event-store.ts';
import { allRecords, blob, collect, eventId, record, request, stream } from '../record-factory.ts';
import { type OpenStore, openUntilFinished } from './open-until-finished.ts';

/** Places, revisions, and appends that meet. */
export function appendingContract(name: string, open: OpenStore): void {
  describe(`${name}: appending`, () => {
    test('numbers positions and revisions from 0 without gaps', async () => {
      const store = await openUntilFinished(open);
      expect(await store.append(request('a', -1, [record(1), record(2)]))).toEqual({
        positions: [0, 1],
        lastRevision: 1,
        repeated: false,
      });
      expect(await store.append(request('b', -1, [record(3)]))).toEqual({
        positions: [2],
        lastRevision: 0,
        repeated: false,
      });
      expect(await store.append(request('a', 1, [record(4)]))).toEqual({
        positions: [3],
        lastRevision: 2,
        repeated: false,
      });
      expect(await allRecords(store)).toEqual([
        '0 test-a/0 record 1',
        '1 test-a/1 record 2',
        '2 test-b/0 record 3',
        '3 test-a/2 record 4',
      ]);
    });

    test('takes an append without records as a question about the revision', async () => {
      const store = await openUntilFinished(open);
      await store.append(request('a', -1, [record(1)]));
      const kept = blob('kept with nothing');
      expect(await store.append(request('a', 0, [], [kept]))).toEqual({
        positions: [],
        lastRevision: 0,
        repeated: false,
      });
      await expect(store.append(request('a', -1, []))).rejects.toMatchObject({
        code: 'WRONG_EXPECTED_REVISION',
      });
      await store.append(request('never', -1, []));
      expect(await collect(store.streams(''))).toEqual(['test-a']);
      expect(await store.getBlob(kept.digest)).toEqual(new Uint8Array(kept.bytes));
    });

    test('lets one refused append of a tick leave the others untouched', async () => {
      const store = await openUntilFinished(open);
      await store.append(request('a', -1, [record(1)]));
      const settled = await Promise.allSettled([
        store.append(request('a', 0, [record(2)])),
        store.append(request('a', 0, [record(3)])),
        store.append(request('b', 0, [record(8)])),
        store.append(request('a', 0, [record(2)])),
        store.append(request('b', -1, [record(4), record(5)], [blob('of b')])),
        store.append(request('c', -1, [record(6)], [{ ...blob('x'), bytes: Buffer.from('y') }])),
        store.append(request('b', 1, [record(7)])),
      ]);
      const outcomes = settled.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.code));
      const [second, ofB, last] = [outcomes[0], outcomes[4], outcomes[6]] as AppendResult[];
      expect(outcomes).toEqual([
        { positions: [expect.any(Number)], lastRevision: 1, repeated: false },
        'WRONG_EXPECTED_REVISION',
        'WRONG_EXPECTED_REVISION',
        { positions: second?.positions, lastRevision: 1, repeated: true },
        { positions: [expect.any(Number), expect.any(Number)], lastRevision: 1, repeated: false },
        'BLOB_CORRUPT',
        { positions: [expect.any(Number)], lastRevision: 2, repeated: false },
      ]);
      // Which of two streams goes first is nobody's promise; each keeps the order in which it was asked.
      const ofStreamB = [...(ofB?.positions ?? []), ...(last?.positions ?? [])];
      expect(ofStreamB.toSorted((one, other) => one - other)).toEqual(ofStreamB);
      expect([...(second?.positions ?? []), ...ofStreamB].toSorted()).toEqual([1, 2, 3, 4]);
      expect((await allRecords(store, 1)).map((line) => line.slice(2)).toSorted()).toEqual([
        'test-a/1 record 2',
        'test-b/0 record 4',
        'test-b/1 record 5',
        'test-b/2 record 7',
      ]);
    });

    test('lets exactly one of many writers at the same revision win, round after round', async () => {
      const store = await openUntilFinished(open);
      for (let round = 0; round < 20; round += 1) {
        const attempts = Array.from({ length: 50 }, (_, writer) =>
          store.append(request('contested', round - 1, [record(round * 50 + writer)])),
        );
        const settled = await Promise.allSettled(attempts);
        expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        for (const one of settled) {
          if (one.status === 'rejected') expect(one.reason.code).toBe('WRONG_EXPECTED_REVISION');
        }
      }
      expect(await store.lastRevision(stream('contested'))).toBe(19);
      expect((await store.head()).size).toBe(20);
    });

    test('does not keep the caller’s buffers', async () => {
      const store = await openUntilFinished(open);
      const bytes = Buffer.from('as it was');
      const kept = blob('blob as it was');
      const appended = store.append(request('a', -1, [{ id: eventId(1), bytes }], [kept]));
      await appended;
      bytes.fill(0);
      Buffer.from(kept.bytes.buffer, kept.bytes.byteOffset, kept.bytes.length).fill(0);
      expect(await allRecords(store)).toEqual(['0 test-a/0 as it was']);
      expect(Buffer.from(await store.getBlob(kept.digest)).toString()).toBe('blob as it was');
    });

    test('stores records of every length byte for byte', async () => {
      const store = await openUntilFinished(open);
      const lengths = [0, 1, 31, 32, 33, 4095, 4096, 32 * 1024];
      const records = lengths.map((length, index) => ({
        id: eventId(index),
        bytes: Uint8Array.from({ length }, (_, at) => (at * 7 + index) % 256),
      }));
      await store.append(request('a', -1, records));
      const stored = await collect(store.readAll());
      expect(stored.map(({ bytes }) => sha256Hex(bytes))).toEqual(
        records.map(({ bytes }) => sha256Hex(bytes)),
      );
      expect(stored.map(({ id }) => id)).toEqual(records.map(({ id }) => id));
    });
  });
}

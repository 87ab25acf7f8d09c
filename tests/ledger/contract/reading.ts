import { describe, expect, test } from 'vitest';
import { allRecords, collect, describeRecord, record, request, stream } from '../record-factory.ts';
import { type OpenStore, openUntilFinished } from './open-until-finished.ts';

/** Streams, the whole ledger and names, page by page. */
export function readingContract(name: string, open: OpenStore): void {
  describe(`${name}: reading`, () => {
    test('reads a stream from a revision on, and nothing of an unknown one', async () => {
      const store = await openUntilFinished(open);
      for (let index = 0; index < 6; index += 1) {
        await store.append(
          request(index % 2 === 0 ? 'even' : 'odd', Math.floor(index / 2) - 1, [record(index)]),
        );
      }
      const read = async (name: string, from?: number): Promise<string[]> =>
        (await collect(store.readStream(stream(name), from))).map(describeRecord);
      expect(await read('even')).toEqual([
        '0 test-even/0 record 0',
        '2 test-even/1 record 2',
        '4 test-even/2 record 4',
      ]);
      expect(await read('odd', 1)).toEqual(['3 test-odd/1 record 3', '5 test-odd/2 record 5']);
      expect(await read('odd', 3)).toEqual([]);
      expect(await read('none')).toEqual([]);
      expect(await allRecords(store, 5)).toEqual(['5 test-odd/2 record 5']);
      expect(await allRecords(store, 6)).toEqual([]);
      expect((await collect(store.readTexts(4))).flat()).toEqual(['record 4', 'record 5']);
      expect(await collect(store.readTexts(6))).toEqual([]);
      expect(await store.lastRevision(stream('odd'))).toBe(2);
      expect(await store.lastRevision(stream('none'))).toBe(-1);
    });

    test('reads over many pages, in order and completely', async () => {
      const store = await openUntilFinished(open);
      const count = 1500;
      await Promise.all(
        Array.from({ length: count / 3 }, (_, index) =>
          store.append(
            request(
              'long',
              index * 3 - 1,
              [0, 1, 2].map((at) => record(index * 3 + at)),
            ),
          ),
        ),
      );
      const positions = (await collect(store.readAll())).map(({ position }) => position);
      expect(positions).toEqual(Array.from({ length: count }, (_, index) => index));
      const revisions = (await collect(store.readStream(stream('long'), 10))).map(({ revision }) => revision);
      expect(revisions).toEqual(Array.from({ length: count - 10 }, (_, index) => index + 10));
    });

    test('lists streams by prefix in the order of their first record', async () => {
      const store = await openUntilFinished(open);
      for (const [index, name] of ['b', 'a%', 'a_x', 'c', 'ab'].entries()) {
        await store.append(request(name, -1, [record(index)]));
      }
      await store.append(request('b', 0, [record(9)]));
      expect(await collect(store.streams(''))).toEqual([
        'test-b',
        'test-a%',
        'test-a_x',
        'test-c',
        'test-ab',
      ]);
      expect(await collect(store.streams('test-a'))).toEqual(['test-a%', 'test-a_x', 'test-ab']);
      expect(await collect(store.streams('test-a%'))).toEqual(['test-a%']);
      expect(await collect(store.streams('run-'))).toEqual([]);
    });
  });
}

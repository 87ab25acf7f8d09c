import { describe, expect, onTestFinished, test } from 'vitest';
import { TreeFrontier } from '../../../src/ledger/audit/tree-frontier.ts';
import { leafHash } from '../../../src/ledger/audit/tree-hash.ts';
import type { EventStore } from '../../../src/ledger/event-store.ts';
import { allRecords, blob, collect, describeRecord, record, request, stream } from '../record-factory.ts';
import { openUntilFinished } from './open-until-finished.ts';

/**
 * What a store must do that several processes may write, shown with several stores on one ledger. `newLedger` makes an empty
 * ledger of its own for each test and gives the way to open it, any number of times.
 */
export function severalWritersContract(
  name: string,
  newLedger: () => Promise<() => Promise<EventStore>>,
): void {
  const opened = async (count: number): Promise<EventStore[]> => {
    const open = await newLedger();
    const stores: EventStore[] = [];
    for (let index = 0; index < count; index += 1) stores.push(await openUntilFinished(open));
    return stores;
  };

  describe(`${name}: several writers`, () => {
    test('take turns on one stream without a gap', async () => {
      const [one, other] = (await opened(2)) as [EventStore, EventStore];
      for (let index = 0; index < 40; index += 1) {
        const writer = index % 3 === 0 ? one : other;
        expect(await writer.append(request('a', index - 1, [record(index)]))).toEqual({
          positions: [index],
          lastRevision: index,
          repeated: false,
        });
      }
      const expected = Array.from({ length: 40 }, (_, index) => `${index} test-a/${index} record ${index}`);
      const tree = new TreeFrontier();
      for (let index = 0; index < 40; index += 1) tree.append(leafHash(record(index).bytes));
      await one.append(request('b', -1, [record(100)]));
      tree.append(leafHash(record(100).bytes));
      expect(await allRecords(one)).toEqual([...expected, '40 test-b/0 record 100']);
      expect(Buffer.from((await one.head()).root)).toEqual(Buffer.from(tree.root()));
    });

    test('are refused what another one was faster with, and told where the stream is', async () => {
      const [one, other] = (await opened(2)) as [EventStore, EventStore];
      await one.append(request('a', -1, [record(1)]));
      await other.append(request('a', 0, [record(2), record(3)]));
      await expect(one.append(request('a', 0, [record(4)]))).rejects.toMatchObject({
        code: 'WRONG_EXPECTED_REVISION',
        context: { stream: 'test-a', expected: 0, actual: 2 },
      });
      await expect(other.append(request('a', -1, [record(1, 'forged')]))).rejects.toMatchObject({
        code: 'EVENT_ID_CONFLICT',
      });
      expect((await one.append(request('a', 2, [record(4)]))).positions).toEqual([3]);
    });

    test('recognise a repetition of what another one stored', async () => {
      const [one, other] = (await opened(2)) as [EventStore, EventStore];
      await one.append(request('z', -1, [record(9)]));
      await one.append(request('a', -1, [record(1), record(2)]));
      const again = { positions: [1, 2], lastRevision: 1, repeated: true };
      expect(await other.append(request('a', -1, [record(1), record(2)]))).toEqual(again);
      expect(await other.lastRevision(stream('a'))).toBe(1);
    });

    test('let exactly one win, round after round', async () => {
      const stores = await opened(4);
      for (let round = 0; round < 25; round += 1) {
        const settled = await Promise.allSettled(
          stores.map((store, at) => store.append(request('contested', round - 1, [record(round * 10 + at)]))),
        );
        const codes = settled.map((one) => (one.status === 'fulfilled' ? 'won' : one.reason.code)).toSorted();
        expect(codes).toEqual([...Array(3).fill('WRONG_EXPECTED_REVISION'), 'won']);
      }
      const records = await collect((stores[0] as EventStore).readAll());
      expect(records.map(({ position, revision }) => [position, revision])).toEqual(
        Array.from({ length: 25 }, (_, round) => [round, round]),
      );
    });

    test('follow what the others append, each record once', async () => {
      const stores = await opened(3);
      const count = 300;
      const stop = new AbortController();
      onTestFinished(() => stop.abort());
      const seen: string[] = [];
      const following = (async () => {
        for await (const stored of (stores[0] as EventStore).subscribe(0, stop.signal)) {
          seen.push(describeRecord(stored));
          if (seen.length === count) return;
        }
      })();
      await Promise.all(
        stores.map(async (store, at) => {
          for (let index = 0; index < count / 3; index += 1) {
            await store.append(request(`of-${at}`, index - 1, [record(at * 1000 + index)]));
          }
        }),
      );
      await following;
      expect(seen).toEqual(await allRecords(stores[1] as EventStore));
      expect(seen.map((line) => Number(line.split(' ')[0]))).toEqual(
        Array.from({ length: count }, (_, index) => index),
      );
    });

    test('share blobs, and what one erased no other one stores again', async () => {
      const [one, other] = (await opened(2)) as [EventStore, EventStore];
      const [kept, secret] = [blob('kept by one'), blob('a secret that both were told '.repeat(20))];
      await one.append(request('a', -1, [record(1)], [kept, secret]));
      await other.putBlobs([kept, secret]);
      expect(Buffer.from(await other.getBlob(kept.digest)).toString()).toBe('kept by one');
      await other.eraseBlob(secret.digest);
      await one.append(request('a', 0, [record(2)], [secret]));
      await expect(one.getBlob(secret.digest)).rejects.toMatchObject({ code: 'BLOB_ERASED' });
      expect(await one.blobStanding(secret.digest)).toEqual({ kind: 'erased', bytes: secret.bytes.length });
    });
  });
}

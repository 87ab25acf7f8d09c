import { describe, expect, test } from 'vitest';
import { blob, collect, record, request, stream } from '../record-factory.ts';
import type { OpenStore } from './open-until-finished.ts';

/** What ends with a store, and what does not. */
export function closingContract(name: string, open: OpenStore): void {
  describe(`${name}: closing`, () => {
    test('waits for appends under way, twice if asked twice', async () => {
      const store = await open();
      const appended = store.append(request('a', -1, [record(1)]));
      await Promise.all([store.close(), store.close()]);
      expect(await appended).toEqual({ positions: [0], lastRevision: 0, repeated: false });
      await store.close();
    });

    test('refuses everything afterwards', async () => {
      const store = await open();
      await store.append(request('a', -1, [record(1)]));
      await store.close();
      const closed = { code: 'LEDGER_CLOSED' };
      await expect(store.append(request('a', 0, [record(2)]))).rejects.toMatchObject(closed);
      await expect(store.putBlobs([])).rejects.toMatchObject(closed);
      await expect(store.getBlob(blob('x').digest)).rejects.toMatchObject(closed);
      await expect(store.blobStanding(blob('x').digest)).rejects.toMatchObject(closed);
      await expect(store.eraseBlob(blob('x').digest)).rejects.toMatchObject(closed);
      await expect(collect(store.readLeaves())).rejects.toMatchObject(closed);
      await expect(store.head()).rejects.toMatchObject(closed);
      await expect(store.lastRevision(stream('a'))).rejects.toMatchObject(closed);
      await expect(collect(store.readAll())).rejects.toMatchObject(closed);
      await expect(collect(store.readStream(stream('a')))).rejects.toMatchObject(closed);
      await expect(collect(store.streams(''))).rejects.toMatchObject(closed);
      await expect(collect(store.blobDigests())).rejects.toMatchObject(closed);
    });
  });
}

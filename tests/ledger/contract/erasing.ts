import { describe, expect, test } from 'vitest';
import type { NewBlob } from '../../../src/ledger/event-store.ts';
import { allRecords, blob, collect, record, request } from '../record-factory.ts';
import { type OpenStore, openUntilFinished } from './open-until-finished.ts';

/** Content that goes, while its digest stays. */
export function erasingContract(name: string, open: OpenStore): void {
  describe(`${name}: erasing`, () => {
    const secrets = ['', '\0'.repeat(40), 'short secret', 'a long secret '.repeat(5000)].map(blob);

    test('leaves the digest and its length, and nothing else', async () => {
      const store = await openUntilFinished(open);
      const kept = blob('kept');
      await store.append(request('a', -1, [record(1)], [kept, ...secrets]));
      const head = await store.head();
      for (const { digest, bytes } of secrets) {
        await store.eraseBlob(digest);
        await expect(store.getBlob(digest)).rejects.toMatchObject({
          code: 'BLOB_ERASED',
          context: { digest },
        });
        expect(await store.blobStanding(digest)).toEqual({ kind: 'erased', bytes: bytes.length });
      }
      expect(await collect(store.blobDigests())).toEqual([kept.digest]);
      expect(Buffer.from(await store.getBlob(kept.digest)).toString()).toBe('kept');
      expect(await allRecords(store)).toEqual(['0 test-a/0 record 1']);
      expect(await store.head()).toEqual(head);
    });

    test('may be repeated, and takes what was sent before it', async () => {
      const store = await openUntilFinished(open);
      const [, , short, long] = secrets as [NewBlob, NewBlob, NewBlob, NewBlob];
      const put = store.putBlobs([short, long]);
      await Promise.all([store.eraseBlob(short.digest), store.eraseBlob(long.digest), put]);
      await store.eraseBlob(short.digest);
      expect(await store.blobStanding(short.digest)).toEqual({ kind: 'erased', bytes: 12 });
      expect(await collect(store.blobDigests())).toEqual([]);
    });

    test('is for good: the same bytes are not stored again, and their records are', async () => {
      const store = await openUntilFinished(open);
      await store.putBlobs(secrets);
      for (const { digest } of secrets) await store.eraseBlob(digest);
      await store.putBlobs(secrets);
      await store.append(request('a', -1, [record(1)], [...secrets, blob('new')]));
      expect(await collect(store.blobDigests())).toEqual([blob('new').digest]);
      for (const { digest } of secrets) {
        await expect(store.getBlob(digest)).rejects.toMatchObject({ code: 'BLOB_ERASED' });
      }
      expect(await allRecords(store)).toEqual(['0 test-a/0 record 1']);
    });

    test('marks what never came, for a copy of a ledger that has erased it', async () => {
      const store = await openUntilFinished(open);
      const [never, came] = [blob('never came'), blob('came before')];
      await store.putBlobs([came]);
      await Promise.all([
        store.markErased(never.digest, 10),
        store.markErased(never.digest, 10),
        store.markErased(came.digest, 11),
      ]);
      await store.eraseBlob(never.digest);
      await store.putBlobs([never, came]);
      expect(await store.blobStanding(never.digest)).toEqual({ kind: 'erased', bytes: 10 });
      expect(await store.blobStanding(came.digest)).toEqual({ kind: 'erased', bytes: 11 });
      expect(await collect(store.blobDigests())).toEqual([]);
      await expect(store.getBlob(never.digest)).rejects.toMatchObject({ code: 'BLOB_ERASED' });
    });

    test('refuses what was never stored, and marks nothing', async () => {
      const store = await openUntilFinished(open);
      const { digest } = blob('never came');
      await expect(store.eraseBlob(digest)).rejects.toMatchObject({
        code: 'BLOB_NOT_FOUND',
        context: { digest },
      });
      await store.putBlobs([blob('never came')]);
      expect(await store.blobStanding(digest)).toEqual({ kind: 'stored', bytes: 10 });
    });
  });
}

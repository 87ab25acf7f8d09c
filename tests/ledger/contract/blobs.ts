import { describe, expect, test } from 'vitest';
import { sha256Hex } from '../../../src/kernel/digest.ts';
import { blob, collect, record, request } from '../record-factory.ts';
import { type OpenStore, openUntilFinished } from './open-until-finished.ts';

/** Content under its digest. */
export function blobsContract(name: string, open: OpenStore): void {
  describe(`${name}: blobs`, () => {
    test('keeps bytes under their digest, whatever they are', async () => {
      const store = await openUntilFinished(open);
      const blobs = ['', 'short', 'long '.repeat(10_000), '\0'.repeat(300)].map(blob);
      await store.putBlobs(blobs);
      await store.append(request('a', -1, [record(1)], [...blobs, blob('with a record')]));
      for (const { digest, bytes } of blobs) {
        expect(sha256Hex(await store.getBlob(digest))).toBe(sha256Hex(bytes));
      }
      const digests = [...blobs, blob('with a record')].map(({ digest }) => digest).sort();
      expect(await collect(store.blobDigests())).toEqual(digests);
    });

    test('refuses an unknown digest, and bytes under a false one', async () => {
      const store = await openUntilFinished(open);
      await expect(store.getBlob(blob('nowhere').digest)).rejects.toMatchObject({ code: 'BLOB_NOT_FOUND' });
      const forged = { digest: blob('one').digest, bytes: Buffer.from('two') };
      await expect(store.putBlobs([blob('fine'), forged])).rejects.toMatchObject({ code: 'BLOB_CORRUPT' });
      expect(await collect(store.blobDigests())).toEqual([]);
    });

    test('tells what is stored from what never came, with its raw length', async () => {
      const store = await openUntilFinished(open);
      const long = blob('long '.repeat(10_000));
      await store.putBlobs([long, blob('')]);
      expect(await store.blobStanding(long.digest)).toEqual({ kind: 'stored', bytes: 50_000 });
      expect(await store.blobStanding(blob('').digest)).toEqual({ kind: 'stored', bytes: 0 });
      expect(await store.blobStanding(blob('nowhere').digest)).toEqual({ kind: 'missing' });
    });
  });
}

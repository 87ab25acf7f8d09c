import type { DatabaseSync } from 'node:sqlite';
import type { Digest } from '../../../kernel/brand.ts';
import { messageOf } from '../../../kernel/pawl-error.ts';
import type { ProblemList } from '../../verify/problem.ts';
import type { CheckedBlobs, ErasedBlob } from '../../verify/verify-source.ts';
import { decodeBlob, type StoredBlob } from './blob-codec.ts';
import { RowReader } from './row-reader.ts';

type Row = readonly [blob: number, digest: Uint8Array, encoding: StoredBlob['encoding'], size: number];

/** Few rows at a time: of their bytes there may be megabytes each. */
const rowsPerRead = 64;

/** Blobs whose row numbers are in [from, to): each decoded and hashed; those marked as erased must be nothing but zeros. */
export function checkBlobRows(
  db: DatabaseSync,
  from: number,
  to: number,
  problems: ProblemList,
): CheckedBlobs {
  const reader = new RowReader(db);
  const list = db.prepare(
    'SELECT blob, digest, encoding, size FROM blobs NOT INDEXED WHERE blob >= ? AND blob < ? ORDER BY blob LIMIT ?',
  );
  const bytes = db.prepare('SELECT bytes FROM blobs WHERE blob = ?');
  list.setReturnArrays(true);
  bytes.setReturnArrays(true);
  const erased: ErasedBlob[] = [];
  const damaged: Digest[] = [];
  let count = 0;
  const check = ([blob, rawDigest, encoding, size]: Row): void => {
    const digest = Buffer.from(rawDigest).toString('hex') as Digest;
    try {
      const [stored] = bytes.get(blob) as unknown as readonly [Uint8Array];
      const erasedBytes = reader.erasedSize(digest);
      if (erasedBytes === undefined) {
        count += 1;
        decodeBlob(digest, { encoding, size, bytes: stored });
        return;
      }
      erased.push({ digest, bytes: erasedBytes });
      if (erasedBytes === size && stored.every((byte) => byte === 0)) return;
      const message = `Blob ${digest} is marked as erased, and its bytes are still there.`;
      problems.add({ position: null, digest, code: 'ERASURE_UNDONE', message });
    } catch (error) {
      damaged.push(digest);
      problems.add({ position: null, digest, code: 'BLOB_DAMAGED', message: messageOf(error) });
    }
  };
  try {
    for (let next = from; ; ) {
      const rows = list.all(next, to, rowsPerRead) as unknown as Row[];
      for (const row of rows) check(row);
      const last = rows.at(-1)?.[0];
      // A damaged file may answer in any order; going back would never end.
      if (last === undefined || rows.length < rowsPerRead || last < next) break;
      next = last + 1;
    }
  } catch (error) {
    problems.at(null, 'UNREADABLE', `The table of blobs cannot be read: ${messageOf(error)}.`);
  }
  return { count, erased, damaged };
}

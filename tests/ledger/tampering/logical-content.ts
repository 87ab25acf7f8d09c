import { DatabaseSync } from 'node:sqlite';
import { zstdDecompressSync } from 'node:zlib';
import { sha256Hex } from '../../../src/kernel/digest.ts';

/**
 * All that anybody can read out of a ledger file by asking SQLite, table by table and index by index, as one digest; null when it
 * cannot be read to its end. Two files with the same digest hold the same ledger, whatever else their bytes are: free pages,
 * counters, the order of cells in a page. How a blob is compressed does not count, and neither does the mark that free space may
 * hold copies.
 */
export function logicalContent(path: string): string | null {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true });
    const lines: string[] = [];
    for (const query of queries) {
      lines.push(query);
      const statement = db.prepare(query);
      statement.setReturnArrays(true);
      statement.setReadBigInts(true);
      for (const row of statement.iterate() as Iterable<unknown>) {
        lines.push((row as unknown[]).map(String).join('\t'));
      }
    }
    const blobs = db
      .prepare('SELECT hex(digest) AS digest, encoding, size, bytes FROM blobs NOT INDEXED')
      .all();
    lines.push(...blobs.map(blobLine).sort());
    return sha256Hex(lines.join('\n'));
  } catch {
    return null;
  } finally {
    db?.close();
  }
}

/** `hex` and `typeof`, so that a value of another type, or text that is no UTF-8, does not pass for the same. */
const exact = (column: string): string => `typeof(${column}), hex(CAST(${column} AS BLOB))`;

const queries = [
  'PRAGMA application_id',
  'PRAGMA user_version',
  'PRAGMA encoding',
  'SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name',
  `SELECT only, ${exact('size')}, ${exact('roots')} FROM head`,
  `SELECT position, ${['stream', 'revision', 'id', 'leaf', 'bytes'].map(exact).join(', ')} FROM records NOT INDEXED ORDER BY position`,
  `SELECT ${exact('stream')}, ${exact('revision')}, position FROM records INDEXED BY records_by_stream ORDER BY stream, revision`,
  `SELECT ${exact('id')}, position FROM records INDEXED BY records_by_id ORDER BY id`,
  `SELECT stream, ${exact('name')} FROM streams NOT INDEXED ORDER BY stream`,
  `SELECT ${exact('name')}, stream FROM streams ORDER BY name`,
  `SELECT ${exact('digest')}, blob IN (SELECT blob FROM blobs NOT INDEXED) FROM blobs ORDER BY digest`,
  `SELECT ${exact('digest')}, ${exact('size')} FROM erased ORDER BY digest`,
];

function blobLine(row: Record<string, unknown>): string {
  const { digest, encoding, size, bytes } = row as {
    readonly digest: string;
    readonly encoding: string;
    readonly size: number;
    readonly bytes: Uint8Array;
  };
  const content = encoding === 'zstd' && !isZero(bytes) ? zstdDecompressSync(bytes) : bytes;
  return `${digest} ${size} ${sha256Hex(content)}`;
}

/** What erasing leaves of a compressed blob. */
function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

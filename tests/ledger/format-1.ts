import { DatabaseSync } from 'node:sqlite';
import type { Digest } from '../../src/kernel/brand.ts';
import { TreeFrontier } from '../../src/ledger/audit/tree-frontier.ts';
import { leafHash } from '../../src/ledger/audit/tree-hash.ts';
import { encodeBlob } from '../../src/ledger/stores/sqlite/blob-codec.ts';

/** The schema of format 1 as it was released; it never changes again. */
const schema = `
CREATE TABLE head (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  size INTEGER NOT NULL,
  roots BLOB NOT NULL
) STRICT;

CREATE TABLE streams (
  stream INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE records (
  position INTEGER PRIMARY KEY,
  stream INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  id TEXT NOT NULL,
  leaf BLOB NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX records_by_stream ON records (stream, revision);
CREATE UNIQUE INDEX records_by_id ON records (id);

CREATE TABLE blobs (
  blob INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,
  encoding TEXT NOT NULL CHECK (encoding IN ('raw', 'zstd')),
  size INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

CREATE VIEW events AS
SELECT
  records.position,
  streams.name AS stream,
  records.revision,
  records.id,
  json_extract(CAST(records.bytes AS TEXT), '$.type') AS type,
  datetime(json_extract(CAST(records.bytes AS TEXT), '$.at') / 1000.0, 'unixepoch') AS at_utc,
  json_extract(CAST(records.bytes AS TEXT), '$.data') AS data,
  lower(hex(records.leaf)) AS leaf
FROM records JOIN streams USING (stream);
`;

export interface Format1Content {
  readonly stream: string;
  readonly records: readonly { readonly id: string; readonly bytes: Uint8Array }[];
  readonly blobs: readonly { readonly digest: Digest; readonly bytes: Uint8Array }[];
}

/** A ledger as the builds before format 2 wrote it: one row after another, without `secure_delete`. */
export function writeFormat1(path: string, { stream, records, blobs }: Format1Content): void {
  const db = new DatabaseSync(path);
  try {
    db.exec(`PRAGMA application_id = ${0x5061776c}; PRAGMA user_version = 1; PRAGMA secure_delete = OFF`);
    db.exec(`PRAGMA journal_mode = WAL; ${schema}`);
    db.prepare('INSERT INTO streams VALUES (1, ?)').run(stream);
    const tree = new TreeFrontier();
    const insertRecord = db.prepare('INSERT INTO records VALUES (?, 1, ?, ?, ?, ?)');
    for (const [position, { id, bytes }] of records.entries()) {
      insertRecord.run(position, position, id, leafHash(bytes), bytes);
      tree.append(leafHash(bytes));
    }
    const insertBlob = db.prepare('INSERT INTO blobs (digest, encoding, size, bytes) VALUES (?, ?, ?, ?)');
    for (const { digest, bytes } of blobs) {
      const stored = encodeBlob(bytes);
      insertBlob.run(Buffer.from(digest, 'hex'), stored.encoding, stored.size, stored.bytes);
    }
    db.prepare('INSERT INTO head VALUES (1, ?, ?)').run(tree.size, tree.state().roots);
  } finally {
    db.close();
  }
}

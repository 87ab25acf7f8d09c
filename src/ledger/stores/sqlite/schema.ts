/** "Pawl" in ASCII; the SQLite header field that tells whose file it is (`file pawl.db` shows it). */
export const applicationId = 0x5061776c;

/**
 * Raised whenever an older reader could misread the file. Format 2 knows erased blobs; `upgrade-format.ts` makes one of format 1
 * into it.
 */
export const formatVersion = 2;

/**
 * Digests whose bytes are gone for good, and how many raw bytes there were. The row in `blobs` stays, with zeros for bytes:
 * taking it out would let SQLite move its neighbours, and leave copies of them in the free space of pages.
 */
export const erasedSql = `
CREATE TABLE erased (
  digest BLOB PRIMARY KEY,
  size INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

/**
 * The whole format. `head.residue` is 1 while the free space of the file may hold bytes of blobs, which only a file that was
 * begun in format 1 does. `records.bytes` are the exact canonical bytes that were hashed; everything else about a record is
 * there to find it, and `verify` derives it again from the bytes. The view is for people with a `sqlite3` shell.
 */
export const schemaSql = `
CREATE TABLE head (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  size INTEGER NOT NULL,
  roots BLOB NOT NULL,
  residue INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO head VALUES (1, 0, x'', 0);

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
${erasedSql}
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

/** "Pawl" in ASCII; the SQLite header field that tells whose file it is (`file pawl.db` shows it). */
export const applicationId = 0x5061776c;

/** Raised whenever an older reader could misread the file. */
export const formatVersion = 1;

/**
 * The whole format. `records.bytes` are the exact canonical bytes that were hashed; everything else about a record is there
 * to find it, and `verify` derives it again from the bytes. The view is for people with a `sqlite3` shell.
 */
export const schemaSql = `
CREATE TABLE head (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  size INTEGER NOT NULL,
  roots BLOB NOT NULL
) STRICT;
INSERT INTO head VALUES (1, 0, x'');

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

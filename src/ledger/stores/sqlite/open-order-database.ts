import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PawlError } from '../../../kernel/pawl-error.ts';
import { storageError } from './sqlite-errors.ts';

/** "Pawl" in ASCII, with an "o" for order in place of its last letter. */
const applicationId = 0x5061776f;
const formatVersion = 1;

const schemaSql = `
CREATE TABLE head (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  size INTEGER NOT NULL, roots BLOB NOT NULL, through_commit INTEGER, through_prepare INTEGER
) STRICT;
INSERT INTO head VALUES (1, 0, x'', NULL, NULL);
CREATE TABLE streams (stream INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, first INTEGER NOT NULL UNIQUE) STRICT;
CREATE TABLE entries (
  position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, revision INTEGER NOT NULL, leaf BLOB NOT NULL,
  at_commit INTEGER NOT NULL, at_prepare INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX entries_by_stream ON entries (stream, revision);
PRAGMA application_id = ${applicationId};
PRAGMA user_version = ${formatVersion};
`;

/** Other processes write for some milliseconds at a time. */
const busyMs = 500;

/**
 * The file of an order, made where there is none.
 *
 * @throws PawlError `LEDGER_CORRUPT` when something else is there; or why it cannot be used now
 */
export function openOrderDatabase(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    // Others learn nothing of the ledger from its index.
    closeSync(openSync(path, 'a', 0o600));
  } catch {
    // In a place that cannot be written, a file that is there can still be read.
  }
  const db = new DatabaseSync(path, { timeout: busyMs });
  try {
    db.exec('PRAGMA synchronous = NORMAL');
    if (pragma(db, 'application_id') === 0) create(db);
    if (pragma(db, 'application_id') !== applicationId || pragma(db, 'user_version') !== formatVersion) {
      throw orderDiffers(path);
    }
    return db;
  } catch (error) {
    db.close();
    throw storageError(error, path);
  }
}

function create(db: DatabaseSync): void {
  db.exec('BEGIN IMMEDIATE');
  // Another process may have been quicker.
  const isEmpty = db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
  db.exec(isEmpty ? `${schemaSql} COMMIT` : 'ROLLBACK');
}

export function orderDiffers(path: string): PawlError {
  return new PawlError(
    'LEDGER_CORRUPT',
    `${path} does not hold the order that it should. It is only an index: remove it, and it is made again from the ledger.`,
    { context: { path } },
  );
}

function pragma(db: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

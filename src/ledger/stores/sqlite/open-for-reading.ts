import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { storageError } from './sqlite-errors.ts';

/**
 * A connection that can write could tidy up after a killed writer, and removes the log's side files when it is the last to
 * close; `query_only` keeps it from changing the ledger. Where the file may not be written, a read-only one has to do.
 */
export function openForReading(path: string, address: string): DatabaseSync {
  try {
    const db = new DatabaseSync(path, { timeout: 5000 });
    db.exec('PRAGMA query_only = ON; PRAGMA cache_size = -8192');
    db.prepare('SELECT size FROM head').get();
    return db;
  } catch {
    // Falls through to the more modest way, whose error is then the one to tell.
  }
  try {
    const db = new DatabaseSync(path, { timeout: 5000, readOnly: true });
    db.prepare('SELECT size FROM head').get();
    return db;
  } catch (error) {
    // In a directory that cannot be written no side file can be made. Without a log, and so without a writer, none is needed.
    if (existsSync(`${path}-wal`)) throw storageError(error, address);
    return openImmutable(path, address);
  }
}

function openImmutable(path: string, address: string): DatabaseSync {
  try {
    const db = new DatabaseSync(`${pathToFileURL(path).href}?immutable=1`, { readOnly: true });
    db.prepare('SELECT size FROM head').get();
    return db;
  } catch (error) {
    throw storageError(error, address);
  }
}

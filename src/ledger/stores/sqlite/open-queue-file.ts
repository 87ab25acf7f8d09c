import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { messageOf, PawlError } from '../../../kernel/pawl-error.ts';
import { sqliteCode, sqliteCodeOf } from './sqlite-errors.ts';
import { queueApplicationId, queueFormatVersion, queueSchemaSql } from './work-queue-schema.ts';

/** How long SQLite may wait for another process by itself: the thread stands still meanwhile, and so do its heartbeats. */
const standStillMs = 100;

export function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/**
 * An empty file, unless there is one. Nobody may read the queue who may not read the ledger.
 *
 * @throws PawlError `STORAGE_FULL`, `STORAGE_FAILED`
 */
export function makeQueueFile(path: string, ledgerPath: string, address: string): void {
  try {
    // Of a queue that was removed without them: they would be played into the new file.
    for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
    closeSync(openSync(path, 'wx', statSync(ledgerPath).mode & 0o666));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return;
    const full = code === 'ENOSPC' || code === 'EDQUOT';
    const advice = full ? 'Free some space and try again.' : 'Is the directory read-only?';
    throw new PawlError(
      full ? 'STORAGE_FULL' : 'STORAGE_FAILED',
      `${address} cannot be made: ${messageOf(error)}. ${advice}`,
      { context: { address }, cause: error },
    );
  }
}

/** @throws PawlError `LEDGER_FORMAT`, `LEDGER_FORMAT_NEWER`, `LEDGER_CORRUPT`, and errors of SQLite */
export function openQueueToWrite(path: string, address: string, pagesMax: number | null): DatabaseSync {
  mustBeFile(path, address);
  const db = new DatabaseSync(path, { timeout: standStillMs });
  try {
    const made = isMade(db, address);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
    if (pagesMax !== null) db.exec(`PRAGMA max_page_count = ${pagesMax}`);
    if (made) checkPages(db, address);
    else makeTables(db, address);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function mustBeFile(path: string, address: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== false) return;
  throw new PawlError(
    'LEDGER_FORMAT',
    `${address} is not a file. Move it away; the queue is then made anew.`,
    {
      context: { address },
    },
  );
}

/** Undefined where nothing has been made of the file yet. Errors as `openQueueToWrite`. */
export function openQueueToRead(path: string, address: string): DatabaseSync | undefined {
  mustBeFile(path, address);
  // In a directory that cannot be written no side file can be made; without a log none is needed.
  const immutable = `${pathToFileURL(path).href}?immutable=1`;
  try {
    return openMade(path, address);
  } catch (error) {
    if (sqliteCodeOf(error) !== sqliteCode.cannotOpen || inodeOf(`${path}-wal`) !== undefined) throw error;
    return openMade(immutable, address);
  }
}

function openMade(url: string, address: string): DatabaseSync | undefined {
  const db = new DatabaseSync(url, { timeout: standStillMs, readOnly: true });
  try {
    if (isMade(db, address)) return db;
  } catch (error) {
    db.close();
    throw error;
  }
  db.close();
  return undefined;
}

function makeTables(db: DatabaseSync, address: string): void {
  db.exec('BEGIN IMMEDIATE');
  // Another process may have been faster.
  if (!isMade(db, address)) {
    db.exec(queueSchemaSql);
    db.exec(`PRAGMA application_id = ${queueApplicationId}; PRAGMA user_version = ${queueFormatVersion}`);
  }
  db.exec('COMMIT');
}

function isMade(db: DatabaseSync, address: string): boolean {
  const owner = pragma(db, 'application_id');
  const version = pragma(db, 'user_version');
  if (owner === queueApplicationId && version === queueFormatVersion) return true;
  const context = { address };
  if (owner === queueApplicationId) {
    const message = `${address} was made by a newer version of Pawl. Upgrade Pawl, or remove the file when no worker is running.`;
    throw new PawlError('LEDGER_FORMAT_NEWER', message, { context });
  }
  if (Number(db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables']) === 0)
    return false;
  const message = `${address} belongs to another program; move it away: Pawl keeps its work queue under that name.`;
  throw new PawlError('LEDGER_FORMAT', message, { context });
}

/** Whatever of it is damaged, all of it is made again. */
function checkPages(db: DatabaseSync, address: string): void {
  const result = String(db.prepare('PRAGMA quick_check(1)').get()?.['quick_check']);
  if (result === 'ok') return;
  throw new PawlError('LEDGER_CORRUPT', `${address} is damaged: ${result}.`, { context: { address } });
}

function pragma(db: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

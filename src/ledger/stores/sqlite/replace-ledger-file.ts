import { constants, copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { PawlError } from '../../../kernel/pawl-error.ts';
import { syncDirectoryOf } from './ledger-file.ts';
import { snapshotPath } from './snapshot-file.ts';
import { sqliteCode, sqliteCodeOf, storageError } from './sqlite-errors.ts';
import { workQueuePath } from './work-queue-file.ts';

const readersWaitMs = 2000;

/**
 * Puts a whole ledger file in the place of another one, which stays under a name of its own. To be called by whoever holds the
 * ledger's lock alone. There is a ledger at the place at any moment, also when the process is killed.
 *
 * @param damaged true for a file that SQLite cannot make sense of
 * @returns where the replaced one is
 * @throws PawlError `LEDGER_BUSY` while somebody reads it, `STORAGE_FULL`, `STORAGE_FAILED`
 */
export function replaceLedgerFile(draft: string, path: string, address: string, damaged: boolean): string {
  const kept = freeName(path);
  const old = damaged ? undefined : takeFromReaders(path, address);
  try {
    keep(path, kept);
    // A log that stayed would be played into the new file.
    if (damaged && existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${kept}-wal`);
    if (damaged) rmSync(`${path}-shm`, { force: true });
    renameSync(draft, path);
    syncDirectoryOf(path);
  } finally {
    old?.close();
  }
  removeDerivedFiles(path);
  return kept;
}

/** What stands beside a ledger and follows from it, or says who works on it now. */
export function removeDerivedFiles(path: string): void {
  for (const beside of [snapshotPath(path), workQueuePath(path)]) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(beside + suffix, { force: true });
  }
}

/**
 * A reader that is the last to close removes the log by its name, which would then be that of the new file. Leaving the mode
 * that has a log needs the file alone and folds the log into it: then nobody has it open, and one file is all there is to keep.
 */
function takeFromReaders(path: string, address: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: readersWaitMs });
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    const mode = db.prepare('PRAGMA journal_mode = DELETE').get()?.['journal_mode'];
    if (mode !== 'delete') throw isRead(address);
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db.close();
    const code = sqliteCodeOf(error);
    throw code === sqliteCode.busy || code === sqliteCode.locked
      ? isRead(address)
      : storageError(error, address);
  }
}

function keep(path: string, kept: string): void {
  try {
    linkSync(path, kept);
  } catch {
    // Not every file system has hard links.
    copyFileSync(path, kept, constants.COPYFILE_EXCL);
  }
}

function freeName(path: string): string {
  for (let number = 1; ; number += 1) {
    const name = `${path}.replaced-${number}`;
    if (!existsSync(name)) return name;
  }
}

function isRead(address: string): PawlError {
  return new PawlError(
    'LEDGER_BUSY',
    `Another program reads ${address}, and a ledger is replaced only while nobody has it open. Close it and try again; nothing was changed.`,
    { context: { address } },
  );
}

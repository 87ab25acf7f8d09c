import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { PawlError } from '../../../kernel/pawl-error.ts';
import { TreeFrontier } from '../../audit/tree-frontier.ts';
import { leafHash } from '../../audit/tree-hash.ts';
import { RowReader } from './row-reader.ts';
import { applicationId, formatVersion, schemaSql } from './schema.ts';
import { snapshotPath } from './snapshot-file.ts';
import { sqliteCode, sqliteCodeOf, storageError } from './sqlite-errors.ts';
import { workQueuePath } from './work-queue-file.ts';

export function ledgerExists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * Makes an empty ledger: built under another name and then linked into place, so that nobody ever sees half of one, however
 * the process ends. To be called by whoever holds the ledger's lock alone.
 *
 * @throws PawlError `STORAGE_FULL`, `STORAGE_FAILED`
 */
export function createLedgerFile(path: string, address: string): void {
  const draft = `${path}-new`;
  // What a creation that was killed left behind; a stale log would be played into the new file.
  const clear = (): void => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(draft + suffix, { force: true });
  };
  try {
    clear();
    const db = new DatabaseSync(draft);
    try {
      db.exec(`
        PRAGMA journal_mode = MEMORY;
        PRAGMA synchronous = FULL;
        PRAGMA application_id = ${applicationId};
        PRAGMA user_version = ${formatVersion};
        ${schemaSql}
        PRAGMA journal_mode = WAL;
      `);
    } finally {
      db.close();
    }
    // Of a ledger of this name that is no more.
    rmSync(snapshotPath(path), { force: true });
    for (const suffix of ['', '-wal', '-shm']) rmSync(workQueuePath(path) + suffix, { force: true });
    moveIntoPlace(draft, path);
  } catch (error) {
    throw storageError(error, address);
  } finally {
    clear();
  }
}

/** Puts a whole file into place, never over another one; the draft's name may stay behind. */
export function moveIntoPlace(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    // Never over a file that has appeared meanwhile; but not every file system has hard links.
    if (ledgerExists(path)) throw error;
    renameSync(draft, path);
  }
  syncDirectoryOf(path);
}

/** So that the names in it survive a power failure. */
export function syncDirectoryOf(path: string): void {
  const directory = openSync(dirname(path), 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

/**
 * Looks whether the file is a whole ledger that this version can read, without changing anything on disk.
 *
 * A file without a write-ahead log is read as immutable, for which SQLite makes no side files. With a log (it is being
 * written, or its writer was killed) the file alone may be inconsistent, so the two are read together, read-only.
 *
 * @returns the number of its format
 * @throws PawlError `LEDGER_FORMAT`, `LEDGER_FORMAT_NEWER`, `LEDGER_CORRUPT`, `STORAGE_FAILED`
 */
export function checkLedgerFile(path: string, address: string): number {
  const found = statSync(path);
  if (!found.isFile()) throw notALedger(address, 'it is not a file');
  // SQLite takes nothing at all for an empty database, which would then seem to be somebody else's.
  if (found.size === 0 && !hasLog(path)) throw notALedger(address, 'the file is empty');
  if (!hasLog(path)) {
    try {
      return inspect(path, address, 'whole', true);
    } catch (error) {
      // A writer may have started between the two looks.
      if (!hasLog(path)) throw error;
    }
  }
  inspect(path, address, 'header', true);
  return inspect(path, address, 'whole', false);
}

function hasLog(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function inspect(path: string, address: string, depth: 'header' | 'whole', immutable: boolean): number {
  const url = pathToFileURL(path);
  if (immutable) url.searchParams.set('immutable', '1');
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(url, { readOnly: true, timeout: 5000 });
    // One snapshot for all that is compared; a writer may be at work.
    db.exec('BEGIN');
    const version = checkHeader(db, address);
    if (depth === 'whole') checkEnds(db, address);
    return version;
  } catch (error) {
    const code = sqliteCodeOf(error);
    if (code === sqliteCode.notADatabase) throw notALedger(address, 'it is not an SQLite file');
    // In the middle of a checkpoint the file alone may look cut off; the log beside it decides.
    if (depth === 'header' && code === sqliteCode.corrupt) return formatVersion;
    throw storageError(error, address);
  } finally {
    db?.close();
  }
}

function checkHeader(db: DatabaseSync, address: string): number {
  const found = pragma(db, 'application_id');
  if (found !== applicationId) throw notALedger(address, 'it belongs to another program');
  const version = pragma(db, 'user_version');
  if (version > formatVersion) {
    throw new PawlError(
      'LEDGER_FORMAT_NEWER',
      `${address} has format ${version}; this version of Pawl reads up to ${formatVersion}. Upgrade Pawl.`,
      { context: { address, version, versionMax: formatVersion } },
    );
  }
  if (version < 1) throw notALedger(address, `it has format ${version}`);
  return version;
}

/** Cheap signs of a torn file: tables, tree head, and the first and last record have to fit together. `verify` does the rest. */
function checkEnds(db: DatabaseSync, address: string): void {
  let reader: RowReader;
  try {
    reader = new RowReader(db);
    // Format 1 knew of no erased blobs; a reader leaves such a file as it is.
    if (pragma(db, 'user_version') > 1) db.prepare('SELECT digest FROM erased, head WHERE residue = 0');
  } catch (error) {
    if (sqliteCodeOf(error) === 1) throw damaged(address, 'a table is missing', error);
    throw error;
  }
  const state = reader.frontier();
  if (state === undefined) throw damaged(address, 'it has no tree head');
  TreeFrontier.restore(state);
  if (reader.recordsFrom(state.size, 1).length > 0) throw damaged(address, 'records follow its tree head');
  const ends = state.size === 0 ? [] : [0, state.size - 1];
  for (const position of ends) {
    const [record] = reader.recordsFrom(position, 1);
    if (record?.position !== position) throw damaged(address, `record ${position} is missing`);
    if (Buffer.compare(leafHash(record.bytes), record.leaf) !== 0) {
      throw damaged(address, `record ${position} does not hash to its leaf`);
    }
  }
}

function pragma(db: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function notALedger(address: string, why: string): PawlError {
  return new PawlError('LEDGER_FORMAT', `${address} is not a ledger: ${why}. Nothing was changed.`, {
    context: { address, why },
  });
}

function damaged(address: string, why: string, cause?: unknown): PawlError {
  return new PawlError(
    'LEDGER_CORRUPT',
    `${address} is damaged: ${why}. Nothing was changed; restore it from a copy.`,
    { context: { address, why }, cause },
  );
}

import { DatabaseSync } from 'node:sqlite';
import { messageOf, PawlError } from '../../../kernel/pawl-error.ts';
import { sqliteCode, sqliteCodeOf, storageError } from './sqlite-errors.ts';

export interface WriteLock {
  release(): void;
}

/**
 * One writer per ledger. The lock is an exclusive SQLite transaction on an empty file beside the ledger: the operating system
 * frees it however the process ends, and SQLite also refuses a second holder within the same process. The file stays; removing
 * it would let two processes lock two different files of the same name.
 *
 * @throws PawlError `LEDGER_BUSY`, `STORAGE_FAILED`
 */
export function takeWriteLock(path: string, address: string): WriteLock {
  const lock = openLockFile(`${path}-lock`, address);
  try {
    // Nothing is ever written, and no further file shall appear, also after a kill.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    const code = sqliteCodeOf(error);
    if (code !== sqliteCode.busy && code !== sqliteCode.locked) throw storageError(error, `${address}-lock`);
    throw new PawlError(
      'LEDGER_BUSY',
      `${address} is being written by another process; wait for it to end, or read meanwhile.`,
      { context: { address }, cause: error },
    );
  }
  return { release: () => lock.close() };
}

function openLockFile(path: string, address: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: 0 });
  } catch (cause) {
    throw new PawlError(
      'STORAGE_FAILED',
      `${address} cannot be written, because its lock file beside it cannot be opened: ${messageOf(cause)}. Is the directory read-only?`,
      { context: { address }, cause },
    );
  }
}

import { DatabaseSync } from 'node:sqlite';
import { messageOf, PawlError } from '../../../kernel/pawl-error.ts';
import { sqliteCode, sqliteCodeOf, storageError } from './sqlite-errors.ts';

export interface LedgerLock {
  /** Idempotent. */
  release(): void;
}

/** The file beside a ledger whose locks say who writes it. */
export function lockPath(path: string): string {
  return `${path}-lock`;
}

/**
 * Who writes a ledger shares its lock with all others that write it; who makes, upgrades or replaces the file needs it alone. It
 * is a lock of SQLite on an empty file beside the ledger: the operating system frees it however the process ends, and it holds
 * between two stores of one process, too. The file stays; removing it would let two processes lock two different files of the
 * same name.
 *
 * @throws PawlError `LEDGER_BUSY`, `STORAGE_FAILED`
 */
export function takeLedgerLock(path: string, address: string, kind: 'shared' | 'alone'): LedgerLock {
  const lock = openLockFile(lockPath(path), address);
  // Nothing is ever written, and no further file shall appear, also after a kill.
  const begin = kind === 'alone' ? 'BEGIN EXCLUSIVE' : 'BEGIN; SELECT 1 FROM sqlite_schema';
  try {
    lock.exec(`PRAGMA journal_mode = MEMORY; ${begin}`);
    const release = (): void => {
      if (lock.isOpen) lock.close();
    };
    return { release };
  } catch (error) {
    lock.close();
    const code = sqliteCodeOf(error);
    const isHeld = code === sqliteCode.busy || code === sqliteCode.locked;
    throw isHeld ? held(address, kind, error) : storageError(error, lockPath(address));
  }
}

function held(address: string, kind: 'shared' | 'alone', cause: unknown): PawlError {
  const message =
    kind === 'alone'
      ? `${address} is being written by another process, and this needs it alone: let that end, and try again.`
      : `Another process needs ${address} for itself (it makes, upgrades or restores it, or is an older version of Pawl that writes it): wait for it to end, or read meanwhile.`;
  return new PawlError('LEDGER_BUSY', message, { context: { address }, cause });
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

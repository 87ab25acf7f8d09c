import { messageOf, PawlError } from '../../../kernel/pawl-error.ts';

/** Primary result codes of SQLite (the low byte of an extended code): https://sqlite.org/rescode.html */
export const sqliteCode = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  constraint: 19,
  notADatabase: 26,
} as const;

/** The primary result code of an error thrown by `node:sqlite`, or undefined for any other error. */
export function sqliteCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode & 0xff;
}

/** Gives an SQLite failure its place in the error table; anything that is coded already stays as it is. */
export function storageError(error: unknown, address: string): PawlError {
  if (error instanceof PawlError) return error;
  const context = { address };
  switch (sqliteCodeOf(error)) {
    case sqliteCode.full:
      return new PawlError(
        'STORAGE_FULL',
        `${address} could not grow: the disk or the quota is full. Nothing was written; free some space and try again.`,
        { context, cause: error },
      );
    case sqliteCode.busy:
    case sqliteCode.locked:
      return new PawlError(
        'LEDGER_BUSY',
        `Another program holds ${address} (a sqlite3 shell in a transaction?). Close it and try again.`,
        { context, cause: error },
      );
    case sqliteCode.corrupt:
    case sqliteCode.notADatabase:
      return new PawlError('LEDGER_CORRUPT', `${address} is damaged: ${messageOf(error)}.`, {
        context,
        cause: error,
      });
    default:
      return new PawlError('STORAGE_FAILED', `${address} failed: ${messageOf(error)}.`, {
        context,
        cause: error,
      });
  }
}

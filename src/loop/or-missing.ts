import { isPawlError, type PawlError } from '../kernel/pawl-error.ts';

/** What is read; or the error that says why the ledger cannot give it (any more). Other errors are thrown. */
export async function orMissing<Value>(read: () => Promise<Value>): Promise<Value | PawlError> {
  try {
    return await read();
  } catch (error) {
    if (isMissing(error)) return error;
    throw error;
  }
}

/** True where the ledger does not have what it names, or not in a usable form; that says nothing about what was recorded. */
export function isMissing(error: unknown): error is PawlError {
  return isPawlError(error) && missingCodes.has(error.code);
}

const missingCodes: ReadonlySet<string> = new Set([
  'BLOB_NOT_FOUND',
  'BLOB_ERASED',
  'BLOB_CORRUPT',
  'SUITE_NOT_FOUND',
  'SUITE_INVALID',
]);

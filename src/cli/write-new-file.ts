import { writeFile } from 'node:fs/promises';
import { PawlError } from '../kernel/pawl-error.ts';
import { fileFailure, systemCodeOf } from '../ledger/audit/file-failure.ts';

/**
 * Writes a result to a file that must not be there yet.
 *
 * @throws PawlError `OUTPUT_EXISTS`, `STORAGE_FULL`, `STORAGE_FAILED`
 */
export async function writeNewFile(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(path, content, { flag: 'wx', flush: true });
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw fileFailure(error, path);
    throw new PawlError('OUTPUT_EXISTS', `${path} is there already; name another file, or remove it.`, {
      context: { path },
      cause: error,
    });
  }
}

import { open, rm } from 'node:fs/promises';
import { PawlError } from '../kernel/pawl-error.ts';
import { fileFailure, systemCodeOf } from '../ledger/audit/file-failure.ts';

/**
 * Writes a result to a file that must not be there yet. A result that could not be written whole leaves no file behind.
 *
 * @throws PawlError `OUTPUT_EXISTS`, `STORAGE_FULL`, `STORAGE_FAILED`
 */
export async function writeNewFile(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx').catch((error: unknown) => {
    if (systemCodeOf(error) !== 'EEXIST') throw fileFailure(error, path);
    throw new PawlError('OUTPUT_EXISTS', `${path} is there already; name another file, or remove it.`, {
      context: { path },
      cause: error,
    });
  });
  try {
    await file.writeFile(content);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw fileFailure(error, path);
  } finally {
    await file.close();
  }
}

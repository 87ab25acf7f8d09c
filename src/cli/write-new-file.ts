import { open, rm, stat } from 'node:fs/promises';
import { PawlError } from '../kernel/pawl-error.ts';
import { fileFailure, systemCodeOf } from '../ledger/audit/file-failure.ts';

/**
 * Writes a result to a file that must not be there yet. A result that could not be written whole leaves no file behind.
 *
 * @throws PawlError `OUTPUT_EXISTS`, `STORAGE_FULL`, `STORAGE_FAILED`
 */
export async function writeNewFile(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx').catch(async (cause: unknown) => {
    if (!['EEXIST', 'EISDIR'].includes(systemCodeOf(cause) ?? '')) throw fileFailure(cause, path);
    const found = await stat(path).catch(() => null);
    const message = found?.isDirectory()
      ? `${path} is a directory; name a file in it, or another one.`
      : `${path} is there already; name another file, or remove it.`;
    throw new PawlError('OUTPUT_EXISTS', message, { context: { path }, cause });
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

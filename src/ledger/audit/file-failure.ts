import { messageOf, PawlError } from '../../kernel/pawl-error.ts';

/** The operating system's name for what went wrong, for example `ENOENT`, or undefined. */
export function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Gives a failure of the file system its place in the error table; anything that is coded already stays as it is. */
export function fileFailure(error: unknown, path: string): PawlError {
  if (error instanceof PawlError) return error;
  const options = { context: { path }, cause: error };
  if (['ENOSPC', 'EDQUOT'].includes(systemCodeOf(error) ?? '')) {
    return new PawlError(
      'STORAGE_FULL',
      `${path} could not be written: the disk or the quota is full. Free some space and try again.`,
      options,
    );
  }
  return new PawlError(
    'STORAGE_FAILED',
    `${path} could not be written or read: ${messageOf(error)}.`,
    options,
  );
}

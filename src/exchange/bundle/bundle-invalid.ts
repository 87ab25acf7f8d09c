import { PawlError } from '../../kernel/pawl-error.ts';

/** A file that is no bundle, or not one that can be read to its end. */
export function bundleInvalid(message: string, cause?: unknown): PawlError {
  return new PawlError('BUNDLE_INVALID', message, cause === undefined ? {} : { cause });
}

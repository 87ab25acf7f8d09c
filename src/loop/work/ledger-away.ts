import type { ErrorCode } from '../../kernel/error-table.ts';
import { isPawlError, type PawlError } from '../../kernel/pawl-error.ts';

const passing: ReadonlySet<ErrorCode> = new Set([
  'LEDGER_UNREACHABLE',
  'LEDGER_BUSY',
  'STORAGE_FAILED',
  'STORAGE_FULL',
] as const);

const lasting: ReadonlySet<ErrorCode> = new Set([
  'LEDGER_ACCESS_DENIED',
  'LEDGER_CERTIFICATE',
  'LEDGER_REPLACED',
  'LEDGER_CLOSED',
  'LEDGER_READ_ONLY',
  'SANDBOX_CLOSED',
  // The episode is none the worse for it: another worker may have an engine that answers, and the image.
  'ENGINE_UNREACHABLE',
  'ENGINE_DISK_FULL',
  'ENGINE_REFUSED',
  'IMAGE_MISSING',
  'IMAGE_DENIED',
  'IMAGE_UNUSABLE',
] as const);

/** The ledger cannot be reached or written for now: no fault of the work, and a worker waits until it has passed. */
export function isAway(error: unknown): error is PawlError {
  return isPawlError(error) && passing.has(error.code);
}

/** This worker can do nothing more, whatever it takes. */
export function isLasting(error: unknown): error is PawlError {
  return isPawlError(error) && lasting.has(error.code);
}

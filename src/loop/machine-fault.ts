import type { ErrorCode } from '../kernel/error-table.ts';
import { isPawlError, type PawlError } from '../kernel/pawl-error.ts';

const faults: ReadonlySet<ErrorCode> = new Set([
  'ENGINE_UNREACHABLE',
  'ENGINE_DISK_FULL',
  'ENGINE_REFUSED',
  'IMAGE_MISSING',
  'IMAGE_DENIED',
  'IMAGE_UNUSABLE',
  'SANDBOX_DOES_NOT_FIT',
  'SANDBOX_SETTINGS',
  'SANDBOX_LANGUAGE',
  'SANDBOX_CLOSED',
] as const);

/**
 * What executes is not there, or not as it has to be: every candidate would meet the same, so nothing may be concluded about the
 * one that did. Such a failure is no end of an execution; whoever sees to it goes on where it was met.
 */
export function isMachineFault(error: unknown): error is PawlError {
  return isPawlError(error) && faults.has(error.code);
}

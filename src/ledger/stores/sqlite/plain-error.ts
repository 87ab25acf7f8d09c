import type { ErrorCode } from '../../../kernel/error-table.ts';
import { type ErrorContext, PawlError } from '../../../kernel/pawl-error.ts';

/** A coded error as it crosses a thread boundary, where classes do not survive. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly context: ErrorContext;
}

export function toPlainError(error: PawlError): PlainError {
  return { code: error.code, message: error.message, context: error.context };
}

export function fromPlainError({ code, message, context }: PlainError): PawlError {
  return new PawlError(code, message, { context });
}

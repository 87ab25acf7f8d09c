import { type ErrorCode, type ErrorEntry, errorTable } from './error-table.ts';

/** Structured facts about one failure; values are plain JSON so that an error can be recorded and printed. */
export type ErrorContext = Readonly<Record<string, string | number | boolean | null>>;

/**
 * The only error the product throws on purpose. `message` says what happened here and what to do; the table says what
 * the code means everywhere.
 */
export class PawlError extends Error {
  override readonly name = 'PawlError';
  readonly code: ErrorCode;
  readonly context: ErrorContext;

  constructor(code: ErrorCode, message: string, options: { context?: ErrorContext; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.context = options.context ?? {};
  }

  get entry(): ErrorEntry {
    return errorTable[this.code];
  }

  toJSON(): { code: ErrorCode; title: string; message: string; context: ErrorContext } {
    return { code: this.code, title: this.entry.title, message: this.message, context: this.context };
  }
}

/** True for an error of the table, and for that one code when it is given. */
export function isPawlError(error: unknown, code?: ErrorCode): error is PawlError {
  return error instanceof PawlError && (code === undefined || error.code === code);
}

/** The text of anything that can be thrown; `throw null` is legal JavaScript. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** States what must hold; a failure is a defect of ours, never of the input. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new PawlError('INTERNAL', message);
}

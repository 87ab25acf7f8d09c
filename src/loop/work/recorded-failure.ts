import type { RecordedError } from '../../events/shapes.ts';
import { isPawlError, messageOf } from '../../kernel/pawl-error.ts';
import { cutText } from '../cut-text.ts';

const messageUnitsMax = 4000;

/** Anything that can be thrown, as an event holds it. */
export function recordedFailure(error: unknown): RecordedError {
  const message = cutText(messageOf(error), messageUnitsMax);
  if (isPawlError(error)) return { code: error.code, message, retryable: error.entry.retryable };
  return { code: 'INTERNAL', message, retryable: false };
}

import type { EventId, StreamName } from '../../../../kernel/brand.ts';
import { PawlError } from '../../../../kernel/pawl-error.ts';

export function wrongExpectedRevision(stream: StreamName, expected: number, actual: number): PawlError {
  return new PawlError(
    'WRONG_EXPECTED_REVISION',
    `"${stream}" is at revision ${actual}, not at ${expected}. Read it again and decide anew.`,
    { context: { stream, expected, actual } },
  );
}

export function idConflict(stream: StreamName, id: EventId): PawlError {
  return new PawlError(
    'EVENT_ID_CONFLICT',
    `The event id ${id} is already used by another record; every event needs an id of its own.`,
    { context: { stream, id } },
  );
}

/** What the server has is not what was sent, or nothing that Pawl writes. */
export function recordCorrupt(address: string, stream: string, revision: number, what: string): PawlError {
  return new PawlError(
    'LEDGER_CORRUPT',
    `Event ${revision} of "${stream}" in ${address} ${what}. Do not write on; run pawl verify, and restore a copy.`,
    { context: { address, stream, revision } },
  );
}

/** Events are missing, or will be. */
export function streamTruncated(address: string, stream: string, what: string): PawlError {
  return new PawlError(
    'STREAM_TRUNCATED',
    `"${stream}" in ${address} ${what}. A history with a hole is not read; what is gone comes back from a backup only.`,
    { context: { address, stream } },
  );
}

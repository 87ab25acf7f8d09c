import { PawlError } from '../../../../kernel/pawl-error.ts';

/** The ways in which a log is no ledger any more, in words; `stream` is the name in the log. */
export const orderFaults = {
  gap: (stream: string, expected: number, revision: number): PawlError =>
    new PawlError(
      'STREAM_TRUNCATED',
      `"${stream}" goes on with its event ${revision} where ${expected} is due: the server has dropped the events between. Restore the database from a backup; the ledger cannot be read over the hole.`,
      { context: { stream, expected, revision } },
    ),
  deleted: (stream: string): PawlError =>
    new PawlError(
      'STREAM_TRUNCATED',
      `"${stream}" was deleted on the server, for good. Restore the database from a backup from before.`,
      { context: { stream } },
    ),
  truncating: (stream: string): PawlError =>
    new PawlError(
      'STREAM_TRUNCATED',
      `The metadata of "${stream}" lets the server drop events ($maxCount, $maxAge or $tb). Take that out of its metadata; what is gone already comes back only from a backup.`,
      { context: { stream } },
    ),
  repeated: (stream: string, revision: number): PawlError =>
    new PawlError(
      'LEDGER_CORRUPT',
      `The log has the event ${revision} of "${stream}" a second time, at another place. Somebody has changed the database; restore it from a backup.`,
      { context: { stream, revision } },
    ),
  missing: (stream: string, revision: number): PawlError =>
    new PawlError(
      'STREAM_TRUNCATED',
      `The server does not have the event ${revision} of "${stream}" any more where it had it before. Restore the database from a backup.`,
      { context: { stream, revision } },
    ),
  notKept: (stream: string, revision: number): PawlError =>
    new PawlError(
      'LEDGER_CORRUPT',
      `The server acknowledged the event ${revision} of "${stream}" and does not have it. Do not write on; look at the server's log, and restore the database where it has lost more.`,
      { context: { stream, revision } },
    ),
  otherBytes: (stream: string, revision: number): PawlError =>
    new PawlError(
      'LEDGER_CORRUPT',
      `The event ${revision} of "${stream}" has other bytes than those it had before. Nothing of the ledger on that server can be trusted before this is explained.`,
      { context: { stream, revision } },
    ),
  noRecord: (stream: string, revision: number): PawlError =>
    new PawlError(
      'LEDGER_CORRUPT',
      `The event ${revision} of "${stream}" is not the record that its id says it is. Either something else than Pawl writes under that prefix, or the database was changed; nothing of the ledger on that server can be trusted before this is explained.`,
      { context: { stream, revision } },
    ),
} as const;

/**
 * @param memory the file that says so on this machine
 */
export function ledgerReplaced(address: string, memory: string, why: string): PawlError {
  return new PawlError(
    'LEDGER_REPLACED',
    `${address} is not what this machine knows it as: ${why}. If that was on purpose, remove ${memory}; otherwise restore the database.`,
    { context: { address, memory } },
  );
}

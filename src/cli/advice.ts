import type { ErrorCode } from '../kernel/error-table.ts';
import type { PawlError } from '../kernel/pawl-error.ts';

/** What a person at the command line can do, where the message itself cannot know that there is one. */
const advice: Partial<Record<ErrorCode, string>> = {
  LEDGER_NOT_FOUND:
    'Check --ledger and PAWL_LEDGER. `pawl run` makes a ledger that is missing, but not its directory.',
  LEDGER_CORRUPT: '`pawl verify` lists all that is wrong with it.',
  BLOB_CORRUPT: '`pawl verify` lists all that is wrong with the ledger.',
  STRATEGY_PARAMS: '`pawl run --help` lists the parameters of each strategy.',
  STORAGE_FULL: 'Nothing that was recorded is lost: make room, then `pawl resume`.',
  FORK_INVALID: '`pawl show EPISODE --events` lists the revisions.',
  RUN_NOT_COMPARABLE: '`pawl runs` shows the suite of each run and how far it came.',
};

/** A line to print below the message of an error; empty where there is none. */
export function adviceFor({ code }: PawlError): string {
  const text = advice[code];
  return text === undefined ? '' : `${text}\n`;
}

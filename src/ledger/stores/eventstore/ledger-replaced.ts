import { PawlError } from '../../../kernel/pawl-error.ts';

/** While a ledger was open, its database became another one. */
export function ledgerReplaced(address: string, before: string, now: string | null): PawlError {
  const what = now === null ? 'there is none any more' : `it is ${now} now`;
  return new PawlError(
    'LEDGER_REPLACED',
    `${address} had the ledger ${before}, and ${what}: the database was made anew or restored. Nothing was written to it; open it again if that was on purpose.`,
    { context: { address, before, now } },
  );
}

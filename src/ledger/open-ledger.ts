import type { Clock } from '../kernel/clock.ts';
import type { IdSource } from '../kernel/id-source.ts';
import type { LedgerStore } from './event-store.ts';
import { Ledger } from './ledger.ts';
import { type OpenStoreOptions, openStore } from './open-store.ts';

export interface OpenLedgerOptions extends OpenStoreOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
}

/**
 * Opens the ledger an address names: `sqlite:PATH`, `memory:`, a cluster (`esdb://…`), or a bare path, which means SQLite.
 *
 * @throws PawlError `LEDGER_URL`, `LEDGER_NOT_FOUND`, `LEDGER_BUSY`, `LEDGER_FORMAT`, `LEDGER_FORMAT_NEWER`,
 * `LEDGER_CORRUPT`, `STORAGE_FULL`, `STORAGE_FAILED`; on a server those of `openEventstoreStore`, too
 */
export async function openLedger(address: string, options: OpenLedgerOptions): Promise<Ledger<LedgerStore>> {
  return new Ledger(await openStore(address, options), options.clock, options.ids);
}

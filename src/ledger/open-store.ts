import { PawlError } from '../kernel/pawl-error.ts';
import type { LedgerStore } from './event-store.ts';
import { openMemoryStore } from './stores/memory.ts';
import { openSqliteStore } from './stores/sqlite/sqlite-store.ts';

export interface OpenStoreOptions {
  readonly mode: 'write' | 'read';
  /** In write mode: make a new ledger when there is none. */
  readonly create: boolean;
}

/**
 * Opens the store an address names: `sqlite:PATH`, `memory:`, or a bare path, which means SQLite.
 *
 * @throws PawlError `LEDGER_URL`, and those of the store
 */
export async function openStore(address: string, options: OpenStoreOptions): Promise<LedgerStore> {
  if (address === 'memory:') return openMemoryStore();
  // One letter before the colon is a drive, not a scheme.
  const scheme = /^([a-z][a-z0-9+.-]+):/.exec(address)?.[1];
  const path = scheme === undefined ? address : address.slice(scheme.length + 1);
  if ((scheme !== undefined && scheme !== 'sqlite') || path === '' || path.includes('\0')) {
    throw new PawlError(
      'LEDGER_URL',
      `"${address}" is not a ledger address. Write sqlite:PATH, a path, or memory:.`,
      { context: { address } },
    );
  }
  return openSqliteStore({ path, mode: options.mode, create: options.create });
}

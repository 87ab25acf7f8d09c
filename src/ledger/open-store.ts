import { randomUUID } from 'node:crypto';
import { systemClock } from '../kernel/clock.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { seededRandom } from '../kernel/random.ts';
import type { LedgerStore } from './event-store.ts';
import { hidePassword } from './stores/hide-password.ts';
import { openMemoryStore } from './stores/memory.ts';
import { openSqliteStore } from './stores/sqlite/sqlite-store.ts';

export interface OpenStoreOptions {
  readonly mode: 'write' | 'read';
  /** In write mode: make a new ledger when there is none. */
  readonly create: boolean;
  /**
   * What is asked of a ledger on a server: all of it (default), or single streams. A worker opens it for streams, so that a
   * thousand of them are not each sent every event; there are then no positions. Stores on this machine know them all the same.
   */
  readonly scope?: 'ledger' | 'streams';
  /** Where what follows from a ledger on a server may be kept on this machine; null (default): nowhere. */
  readonly cacheDirectory?: string | null;
  /** Told once of something that works, but not as it should; nobody by default. */
  readonly note?: (message: string) => void;
}

/**
 * Opens the store an address names: `sqlite:PATH`, `memory:`, a cluster (`esdb://…`, `kurrentdb://…`, each also with
 * `+discover`), or a bare path, which means SQLite.
 *
 * @throws PawlError `LEDGER_URL`, and those of the store
 */
export async function openStore(address: string, options: OpenStoreOptions): Promise<LedgerStore> {
  if (address === 'memory:') return openMemoryStore();
  // One letter before the colon is a drive, not a scheme.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(address)?.[1];
  if (scheme !== undefined && /^(esdb|kurrentdb)(\+discover)?$/.test(scheme)) {
    return openOnServer(address, options);
  }
  const path = scheme === undefined ? address : address.slice(scheme.length + 1);
  if ((scheme !== undefined && scheme !== 'sqlite') || path === '' || path.includes('\0')) {
    throw new PawlError(
      'LEDGER_URL',
      `"${hidePassword(address)}" is not a ledger address. Write sqlite:PATH, a path, esdb://HOST, or memory:.`,
      { context: { address: hidePassword(address) } },
    );
  }
  return openSqliteStore({ path, mode: options.mode, create: options.create });
}

/** Loaded only now: whoever keeps a ledger in a file does without the client for servers. */
async function openOnServer(address: string, options: OpenStoreOptions): Promise<LedgerStore> {
  const { openEventstoreStore } = await import('./stores/eventstore/open-eventstore-store.ts');
  const { usualTimings } = await import('./stores/eventstore/patience.ts');
  return openEventstoreStore({
    address,
    mode: options.mode,
    create: options.create,
    scope: options.scope ?? 'ledger',
    cacheDirectory: options.cacheDirectory ?? null,
    clock: systemClock,
    // Processes that were cut off together must not come back together: no two have the same seed.
    random: seededRandom(randomUUID()),
    newLedgerId: randomUUID,
    note: options.note ?? (() => undefined),
    timings: usualTimings,
  });
}

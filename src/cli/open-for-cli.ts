import { randomInt } from 'node:crypto';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../kernel/clock.ts';
import { type IdSource, ulidSource } from '../kernel/id-source.ts';
import type { EventStore, LedgerStore } from '../ledger/event-store.ts';
import type { Ledger, WriterContext } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { type OpenStoreOptions, openStore } from '../ledger/open-store.ts';
import { processOutput } from './output.ts';
import { sealSession } from './seal-session.ts';
import { cacheDirectory } from './user-directories.ts';

export const defaultLedgerAddress = 'sqlite:./pawl.db';

export interface OpenedForCli {
  readonly ledger: Ledger<LedgerStore>;
  readonly ids: IdSource;
  readonly writer: WriterContext;
}

const entropySpan = 2 ** 47;

/** The `--ledger` option, else `PAWL_LEDGER` (unless it is empty), else `./pawl.db`. */
export function ledgerAddress(option: string | undefined): string {
  return option ?? (process.env['PAWL_LEDGER'] || defaultLedgerAddress);
}

/**
 * Opens the ledger with the machine's clock and entropy; the only place where commands get those. What is written is sealed: see
 * `sealSession`, whose errors come on top of those of opening.
 */
export async function openForCli(
  address: string,
  purpose: 'read' | 'write' | 'create',
): Promise<OpenedForCli> {
  const { isNew, ...opened } = await openUnsealed(address, purpose);
  if (purpose === 'read') return opened;
  try {
    await sealSession({ ...opened, isNew, note: processOutput(false).note });
    return opened;
  } catch (error) {
    await opened.ledger.close();
    throw error;
  }
}

/**
 * For the command that makes the key which sealing needs, and for a worker: that opens for streams alone, so that a thousand
 * workers do not each receive all that the others write, and needs no key, because somebody else seals what they did.
 */
export async function openUnsealed(
  address: string,
  purpose: 'read' | 'write' | 'create' | 'work',
): Promise<OpenedForCli & { readonly isNew: boolean }> {
  const mode = purpose === 'read' ? 'read' : 'write';
  const create = purpose === 'create';
  const ids = ulidSource(systemClock, () => randomInt(entropySpan) / entropySpan);
  const scope = purpose === 'work' ? 'streams' : 'ledger';
  const options = { mode, create, scope, ...onThisMachine() } as const;
  const ledger = await openLedger(address, { ...options, clock: systemClock, ids });
  // Of one that holds nothing there is nothing to be remembered, whether or not this process made it.
  const isNew = create && (await ledger.head()).size === 0;
  const writer = { actor: process.env['PAWL_ACTOR'] || userName(), correlation: ids.next() };
  return { ledger, ids, writer, isNew };
}

/** The records as they are, for what copies them; nothing is sealed. */
export function openStoreForCli(address: string, purpose: 'read' | 'create'): Promise<EventStore> {
  const create = purpose === 'create';
  return openStore(address, { mode: create ? 'write' : 'read', create, ...onThisMachine() });
}

/** What a ledger on a server needs here. */
function onThisMachine(): Pick<OpenStoreOptions, 'cacheDirectory' | 'note'> {
  return { cacheDirectory: join(cacheDirectory(), 'ledgers'), note: processOutput(false).note };
}

function userName(): string {
  try {
    return userInfo().username || 'unknown';
  } catch {
    // A container's user need not have an entry in the password file.
    return 'unknown';
  }
}

import { randomInt } from 'node:crypto';
import { userInfo } from 'node:os';
import { systemClock } from '../kernel/clock.ts';
import { type IdSource, ulidSource } from '../kernel/id-source.ts';
import type { Ledger, WriterContext } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/open-ledger.ts';

export const defaultLedgerAddress = 'sqlite:./pawl.db';

export interface OpenedForCli {
  readonly ledger: Ledger;
  readonly ids: IdSource;
  readonly writer: WriterContext;
}

const entropySpan = 2 ** 47;

/** The `--ledger` option, else `PAWL_LEDGER` (unless it is empty), else `./pawl.db`. */
export function ledgerAddress(option: string | undefined): string {
  return option ?? (process.env['PAWL_LEDGER'] || defaultLedgerAddress);
}

/** Opens the ledger with the machine's clock and entropy; the only place where commands get those. */
export async function openForCli(
  address: string,
  purpose: 'read' | 'write' | 'create',
): Promise<OpenedForCli> {
  const mode = purpose === 'read' ? 'read' : 'write';
  const create = purpose === 'create';
  const ids = ulidSource(systemClock, () => randomInt(entropySpan) / entropySpan);
  const ledger = await openLedger(address, { mode, create, clock: systemClock, ids });
  const writer = { actor: process.env['PAWL_ACTOR'] || userName(), correlation: ids.next() };
  return { ledger, ids, writer };
}

function userName(): string {
  try {
    return userInfo().username || 'unknown';
  } catch {
    // A container's user need not have an entry in the password file.
    return 'unknown';
  }
}

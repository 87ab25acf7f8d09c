import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../../../../kernel/digest.ts';
import { ledgerReplaced } from './order-faults.ts';

/**
 * Remembers on this machine which ledger is at an address, so that a database that was made anew, or exchanged, is noticed
 * before anything is written to it. What cannot be remembered is not; nothing fails for it.
 *
 * @throws PawlError `LEDGER_REPLACED` when there was another one before
 */
export function rememberLedger(directory: string, address: string, prefix: string, ledgerId: string): void {
  const path = join(directory, `${sha256Hex(`${address}\n${prefix}`).slice(0, 32)}.ledger`);
  const known = idIn(path);
  if (known === ledgerId) return;
  if (known !== null)
    throw ledgerReplaced(address, path, `it holds the ledger ${ledgerId}, and held ${known}`);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // The rest is for people who look into the directory.
    writeFileSync(path, `${ledgerId}\n${address}\n`, { mode: 0o600 });
  } catch {
    // Read-only, or full.
  }
}

function idIn(path: string): string | null {
  try {
    const text = readFileSync(path, 'utf8');
    // Whoever was killed while writing left no whole line.
    const end = text.indexOf('\n');
    return end > 0 ? text.slice(0, end) : null;
  } catch {
    return null;
  }
}

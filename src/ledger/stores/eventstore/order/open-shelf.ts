import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isPawlError, messageOf } from '../../../../kernel/pawl-error.ts';
import { OrderFile } from '../../sqlite/order-file.ts';
import type { OrderShelf } from './order-entry.ts';

/**
 * The file of a ledger's order. One that is damaged is made anew; null, with a note, where there can be none.
 *
 * @param directory null: none is wanted
 */
export function openShelf(
  directory: string | null,
  ledgerId: string,
  note: (message: string) => void,
): OrderShelf | null {
  if (directory === null) return null;
  const path = join(directory, `${encodeURIComponent(ledgerId)}.order`);
  try {
    return openOrRemake(path);
  } catch (error) {
    note(`The order of the ledger is kept in memory alone: ${path} cannot be used (${messageOf(error)}).`);
    return null;
  }
}

function openOrRemake(path: string): OrderShelf {
  try {
    return new OrderFile(path);
  } catch (error) {
    if (!isPawlError(error, 'LEDGER_CORRUPT')) throw error;
    for (const suffix of ['', '-journal']) rmSync(path + suffix, { force: true });
    return new OrderFile(path);
  }
}

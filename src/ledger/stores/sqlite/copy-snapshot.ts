import { chmodSync, rmSync, statSync } from 'node:fs';
import { backup } from 'node:sqlite';
import { PawlError } from '../../../kernel/pawl-error.ts';
import { TreeFrontier } from '../../audit/tree-frontier.ts';
import type { TreeHead } from '../../event-store.ts';
import { openForReading } from './open-for-reading.ts';
import { RowReader } from './row-reader.ts';
import { storageError } from './sqlite-errors.ts';

/** Told how many pages of 4 KiB are copied; at the end all of them. */
export type CopyProgress = (done: { readonly pages: number; readonly of: number }) => void;

const pageBytes = 4096;
/** Between two of these everything else in the process has its turn. */
const pagesPerStep = 2048;

/**
 * Copies a ledger file as it is at one moment, page by page, whoever writes it meanwhile. SQLite's online backup begins anew
 * whenever another connection commits, and so would never end beside a busy writer; inside a read transaction it copies what that
 * transaction sees. Until it ends the log of the ledger grows and no erasure can finish.
 *
 * The pages are copied as they are: what was erased before is in none of them, because it was written over.
 *
 * @param draft a name for the copy, without a file
 * @returns the head of the tree in the copy
 * @throws PawlError `LEDGER_CORRUPT`, `STORAGE_FULL`, `STORAGE_FAILED`
 */
export async function copySnapshot(
  path: string,
  address: string,
  draft: string,
  onProgress: CopyProgress,
): Promise<TreeHead> {
  const db = openForReading(path, address);
  try {
    db.exec('BEGIN');
    const state = new RowReader(db).frontier();
    if (state === undefined) {
      throw new PawlError('LEDGER_CORRUPT', `${address} has no tree head.`, { context: { address } });
    }
    await backup(db, draft, {
      rate: pagesPerStep,
      progress: ({ totalPages, remainingPages }) => {
        if (remainingPages > 0) onProgress({ pages: totalPages - remainingPages, of: totalPages });
      },
    });
    // SQLite says nothing of the last step.
    const of = Math.ceil(statSync(draft).size / pageBytes);
    onProgress({ pages: of, of });
    chmodSync(draft, statSync(path).mode & 0o777);
    return { ...state, root: TreeFrontier.restore(state).root() };
  } catch (error) {
    throw storageError(error, address);
  } finally {
    db.close();
    removeSideFiles(draft);
  }
}

/** Of a file that nobody has open, and whose log is empty. */
export function removeSideFiles(path: string): void {
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
}

import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { isPawlError, PawlError } from '../kernel/pawl-error.ts';
import { fileFailure } from './audit/file-failure.ts';
import { withDraftOf } from './audit/place-file.ts';
import { type BackupResult, copyVerified, noLedger } from './backup-ledger.ts';
import { type CopyProgress, removeSideFiles } from './stores/sqlite/copy-snapshot.ts';
import { checkLedgerFile, ledgerExists, moveIntoPlace } from './stores/sqlite/ledger-file.ts';
import { takeLedgerLock } from './stores/sqlite/ledger-lock.ts';
import { removeDerivedFiles, replaceLedgerFile } from './stores/sqlite/replace-ledger-file.ts';

export interface RestoreOptions {
  /** Whether a ledger that is there may be replaced. */
  readonly replace: boolean;
  readonly onProgress: CopyProgress;
  /** Looks at what is about to be put in place, at the address where it is until then; nothing is placed when it throws. */
  readonly mayPlace: (address: string) => Promise<void>;
}

export interface RestoreResult extends BackupResult {
  /** Where the ledger that was there is now; null when there was none. */
  readonly replaced: string | null;
}

/**
 * Puts a copy of a backup in the place of a ledger, or where none is. The copy is verified before, and nobody may write or read
 * the ledger that is replaced, which is kept under another name. What follows from a ledger or says who works on it (snapshots,
 * the queue of workers) is removed.
 *
 * @throws PawlError `LEDGER_NOT_FOUND` for the backup, `OUTPUT_EXISTS`, `LEDGER_BUSY`, `LEDGER_FORMAT`, `LEDGER_FORMAT_NEWER`,
 * `LEDGER_CORRUPT`, `INTEGRITY`, `STORAGE_FULL`, `STORAGE_FAILED`; and what `mayPlace` throws
 */
export async function restoreLedger(
  backupPath: string,
  ledgerPath: string,
  { replace, onProgress, mayPlace }: RestoreOptions,
): Promise<RestoreResult> {
  const [source, address] = [`sqlite:${backupPath}`, `sqlite:${ledgerPath}`];
  if (!ledgerExists(resolve(backupPath))) throw noLedger(source);
  checkLedgerFile(resolve(backupPath), source);
  const given = resolve(ledgerPath);
  const path = ledgerExists(given) ? realpathSync(given) : given;
  const from = realpathSync(resolve(backupPath));
  if (from === path) throw new PawlError('USAGE', `${source} is the ledger itself; name a backup of it.`);
  if (ledgerExists(path) && !replace) throw taken(address);
  try {
    return await withDraftOf(path, async (draft) => {
      const lock = takeLedgerLock(path, address, 'alone');
      try {
        const damaged = ledgerExists(path) && isDamaged(path, address);
        const result = await copyVerified(from, source, draft, onProgress);
        await mayPlace(`sqlite:${draft}`);
        removeSideFiles(draft);
        if (ledgerExists(path)) {
          if (!replace) throw taken(address);
          return { ...result, replaced: replaceLedgerFile(draft, path, address, damaged) };
        }
        removeDerivedFiles(path);
        moveIntoPlace(draft, path);
        return { ...result, replaced: null };
      } finally {
        lock.release();
      }
    });
  } catch (error) {
    throw fileFailure(error, path);
  }
}

/** @throws PawlError `LEDGER_FORMAT`, `LEDGER_FORMAT_NEWER` for what is no ledger of ours to replace */
function isDamaged(path: string, address: string): boolean {
  try {
    checkLedgerFile(path, address);
    return false;
  } catch (error) {
    if (isPawlError(error, 'LEDGER_CORRUPT')) return true;
    throw error;
  }
}

function taken(address: string): PawlError {
  return new PawlError(
    'OUTPUT_EXISTS',
    `${address} is there already. Add --replace to put the backup in its place; what is there now is then kept under another name.`,
    { context: { address } },
  );
}

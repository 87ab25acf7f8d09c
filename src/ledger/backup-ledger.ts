import { existsSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { PawlError } from '../kernel/pawl-error.ts';
import { fileFailure } from './audit/file-failure.ts';
import { withDraftOf } from './audit/place-file.ts';
import type { TreeHead } from './event-store.ts';
import { type CopyProgress, copySnapshot, removeSideFiles } from './stores/sqlite/copy-snapshot.ts';
import { checkLedgerFile, ledgerExists, moveIntoPlace } from './stores/sqlite/ledger-file.ts';
import { verifyFile } from './verify-ledger.ts';

export interface BackupResult {
  /** Of the ledger at the moment that was copied, and of the copy. */
  readonly head: TreeHead;
  readonly blobs: number;
  /** Size of the file. */
  readonly bytes: number;
}

/**
 * Copies a ledger file, as it is at one moment, to a place where nothing is; the ledger may be written meanwhile. The copy is
 * verified before it gets its name, so that whatever has the name is whole: every record, blob and proof, and the root that the
 * ledger had.
 *
 * @throws PawlError `OUTPUT_EXISTS`, `LEDGER_NOT_FOUND`, `LEDGER_FORMAT`, `LEDGER_FORMAT_NEWER`, `LEDGER_CORRUPT`, `INTEGRITY`,
 * `STORAGE_FULL`, `STORAGE_FAILED`
 */
export async function backupLedger(
  ledgerPath: string,
  targetPath: string,
  onProgress: CopyProgress,
): Promise<BackupResult> {
  const address = `sqlite:${ledgerPath}`;
  const [path, target] = [resolve(ledgerPath), resolve(targetPath)];
  if (!ledgerExists(path)) throw noLedger(address);
  checkLedgerFile(path, address);
  mustBeFree(target);
  try {
    return await withDraftOf(target, async (draft) => {
      const result = await copyVerified(realpathSync(path), address, draft, onProgress);
      mustBeFree(target);
      moveIntoPlace(draft, target);
      return result;
    });
  } catch (error) {
    throw fileFailure(error, target);
  }
}

/** A copy under a name that is not its own yet, compared with what it is of and verified. */
export async function copyVerified(
  path: string,
  address: string,
  draft: string,
  onProgress: CopyProgress,
): Promise<BackupResult> {
  const head = await copySnapshot(path, address, draft, onProgress);
  const report = await verifyFile(draft);
  removeSideFiles(draft);
  const [problem] = report.problems;
  const isSame = report.head.size === head.size && Buffer.compare(report.head.root, head.root) === 0;
  if (report.ok && isSame) return { head, blobs: report.blobs, bytes: statSync(draft).size };
  throw new PawlError(
    'INTEGRITY',
    `The copy of ${address} does not verify (${problem?.message ?? 'its root is another one'}), so nothing was put in place. \`pawl verify --ledger ${address}\` says what is wrong there.`,
    { context: { address, problems: report.problemCount } },
  );
}

export function noLedger(address: string): PawlError {
  return new PawlError('LEDGER_NOT_FOUND', `${address} cannot be opened: there is no such file.`, {
    context: { address },
  });
}

function mustBeFree(path: string): void {
  if (!existsSync(path) && !existsSync(`${path}-wal`)) return;
  throw new PawlError('OUTPUT_EXISTS', `${path} is there already; name another file, or remove it.`, {
    context: { path },
  });
}

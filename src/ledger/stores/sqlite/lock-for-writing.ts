import { setTimeout as wait } from 'node:timers/promises';
import { isPawlError } from '../../../kernel/pawl-error.ts';
import { checkLedgerFile, ledgerExists } from './ledger-file.ts';
import { type LedgerLock, takeLedgerLock } from './ledger-lock.ts';
import { formatVersion } from './schema.ts';

export interface LockForWriting {
  readonly lock: LedgerLock;
  /** To be called once the file is made and upgraded: the lock to write on with, beside others. */
  share(): Promise<LedgerLock>;
}

const retryMs = 20;

/**
 * The lock a writer needs: shared where there is a ledger of the current format, alone where there is none yet. Whoever holds it
 * alone is waited for; what that has made of the file meanwhile is looked at anew each time.
 *
 * @param waitMs how long others are waited for; making, upgrading and replacing a ledger take less than a second
 * @throws PawlError `LEDGER_BUSY`, and those of `checkLedgerFile`
 */
export async function lockForWriting(path: string, address: string, waitMs: number): Promise<LockForWriting> {
  return repeatedly(waitMs, () => {
    const isCurrent = ledgerExists(path) && checkLedgerFile(path, address) === formatVersion;
    const lock = takeLedgerLock(path, address, isCurrent ? 'shared' : 'alone');
    const share = async (): Promise<LedgerLock> => {
      if (isCurrent) return lock;
      // Between the two locks nobody can replace a file that is open.
      lock.release();
      return repeatedly(waitMs, () => takeLedgerLock(path, address, 'shared'));
    };
    return { lock, share };
  });
}

async function repeatedly<Result>(waitMs: number, attempt: () => Result): Promise<Result> {
  for (let waitedMs = 0; ; waitedMs += retryMs) {
    try {
      return attempt();
    } catch (error) {
      if (!isPawlError(error, 'LEDGER_BUSY') || waitedMs >= waitMs) throw error;
    }
    await wait(retryMs);
  }
}

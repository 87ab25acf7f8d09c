import { writeSync } from 'node:fs';
import { backupLedger } from '../../src/ledger/backup-ledger.ts';
import { restoreLedger } from '../../src/ledger/restore-ledger.ts';

/** `backup LEDGER TARGET` or `restore BACKUP LEDGER`; prints a line at each step, so that it can be killed at any of them. */
const [what, from, to] = process.argv.slice(2) as [string, string, string];
const onProgress = ({ pages, of }: { readonly pages: number; readonly of: number }): void => {
  writeSync(1, `${pages} of ${of}\n`);
};
if (what === 'backup') await backupLedger(from, to, onProgress);
else {
  const mayPlace = async (): Promise<void> => void writeSync(1, 'about to place\n');
  await restoreLedger(from, to, { replace: true, onProgress, mayPlace });
}
writeSync(1, 'done\n');

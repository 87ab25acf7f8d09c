import { Command } from 'commander';
import { systemClock } from '../kernel/clock.ts';
import { backupLedger } from '../ledger/backup-ledger.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { copiedPages } from './copied-pages.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { ledgerFilePath } from './ledger-file-path.ts';
import { ledgerAddress } from './open-for-cli.ts';
import { processOutput } from './output.ts';

export function backupCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('backup')
    .summary('copy a ledger file while it is being written, and verify the copy')
    .description(
      'Copies a ledger as it is at one moment, whoever writes it meanwhile, and verifies the copy before it gets its name: a file of that name is a whole ledger. It can be read where it lies, with every command that reads. What was erased before is not in it; what is erased later still is.',
    )
    .argument('<target>', 'the file to be made; never one that is there already')
    .action(async (target: string, options: CommonOptions) => {
      const output = processOutput(options.json === true);
      const path = ledgerFilePath(ledgerAddress(options.ledger), 'back up');
      const targetPath = ledgerFilePath(target, 'back up');
      const { head, blobs, bytes } = await backupLedger(path, targetPath, copiedPages(output, systemClock));
      const root = Buffer.from(head.root).toString('hex');
      output.text(
        `${targetPath} holds ${head.size} records and ${blobs} blobs of sqlite:${path}, verified (${bytes} bytes, root ${root}).`,
      );
      const counts = { records: head.size, blobs, bytes, root };
      output.record({ type: 'backup', ledger: `sqlite:${path}`, target: targetPath, ...counts });
      finish(exitCodes.ok);
    });
  return withExamples(withCommonOptions(command), {
    'pawl backup /mnt/backups/monday.db': 'of ./pawl.db, while runs are recorded in it',
    'pawl verify --ledger /mnt/backups/monday.db': 'a backup is a ledger like any other',
  });
}

import { Command } from 'commander';
import { systemClock } from '../kernel/clock.ts';
import { type RestoreResult, restoreLedger } from '../ledger/restore-ledger.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { copiedPages } from './copied-pages.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { ledgerFilePath } from './ledger-file-path.ts';
import { ledgerAddress } from './open-for-cli.ts';
import { type Output, processOutput } from './output.ts';
import { compareWithMemory, type RestoredMemory } from './restored-memory.ts';

interface RestoreOptions extends CommonOptions {
  readonly replace?: boolean;
  readonly older?: boolean;
}

export function restoreCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('restore')
    .summary('put a backup where the ledger is to be')
    .description(
      'Verifies a copy of the backup and then puts it in place, whole or not at all. A ledger that is there is replaced only with --replace, only while nobody has it open, and stays under another name. When this machine remembers more of the ledger than the backup holds, that is said, and only done with --older.',
    )
    .argument('<backup>', 'a file made by `pawl backup`, or any ledger file; it stays as it is')
    .option('--replace', 'put it in the place of the ledger that is there')
    .option(
      '--older',
      'also when this machine remembers a later state of the ledger, which is then forgotten',
    )
    .action(async (backup: string, options: RestoreOptions) => {
      const output = processOutput(options.json === true);
      const path = ledgerFilePath(ledgerAddress(options.ledger), 'restore');
      const backupPath = ledgerFilePath(backup, 'restore');
      let memory: RestoredMemory | null = null;
      const result = await restoreLedger(backupPath, path, {
        replace: options.replace === true,
        onProgress: copiedPages(output, systemClock),
        mayPlace: async (address) => {
          memory = await compareWithMemory(address, `sqlite:${path}`, options.older === true);
        },
      });
      await tell(`sqlite:${path}`, backupPath, result, memory, output);
      finish(exitCodes.ok);
    });
  return withExamples(withCommonOptions(command), {
    'pawl restore monday.db': 'as ./pawl.db, where no ledger is',
    'pawl restore monday.db --replace --older':
      'instead of the one that is there, which was written on since',
  });
}

async function tell(
  ledger: string,
  backup: string,
  { head, blobs, bytes, replaced }: RestoreResult,
  memory: RestoredMemory | null,
  output: Output,
): Promise<void> {
  const root = Buffer.from(head.root).toString('hex');
  output.text(`${ledger} is ${backup}, verified: ${head.size} records and ${blobs} blobs (root ${root}).`);
  if (replaced !== null) output.text(`The ledger that was there is kept as ${replaced}.`);
  if (memory !== null) {
    await memory.settle();
    output.text(memory.told);
  }
  const counts = { records: head.size, blobs, bytes, root };
  const remembered = memory?.remembered ?? [];
  const forgotten = memory?.isOlder === true;
  output.record({ type: 'restore', ledger, backup, ...counts, replaced, remembered, forgotten });
}

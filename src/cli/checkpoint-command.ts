import { Command } from 'commander';
import { newestCheckpoint } from '../ledger/audit/signed-checkpoints.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { processOutput } from './output.ts';

export function checkpointCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('checkpoint')
    .summary('print the newest signed checkpoint, to be kept elsewhere')
    .description(
      'Prints the newest signed checkpoint of the ledger: its size and root as a C2SP signed note. Whoever keeps it can tell later whether the ledger still begins with the same records.',
    )
    .action(async (options: CommonOptions) => {
      const output = processOutput(options.json === true);
      const { ledger } = await openForCli(ledgerAddress(options.ledger), 'read');
      try {
        const none = 'The ledger has no signed checkpoint yet: one is signed with the next records.';
        const { checkpoint, note, verifierKey } = await newestCheckpoint(ledger, () => true, none);
        const { origin, size, root } = checkpoint;
        output.text(note.trimEnd());
        output.record({
          type: 'checkpoint',
          origin,
          size,
          root: Buffer.from(root).toString('hex'),
          verifierKey,
          note,
        });
        output.note(`It is checked with the key ${verifierKey}`);
        finish(exitCodes.ok);
      } finally {
        await ledger.close();
      }
    });
  return withExamples(withCommonOptions(command), {
    'pawl checkpoint > monday.checkpoint': 'keep it where the ledger is not',
    'pawl verify --checkpoint monday.checkpoint': 'later: nothing of it was altered, nothing is missing',
  });
}

import { Command } from 'commander';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { processOutput } from './output.ts';
import { verifyAndReport } from './verify-and-report.ts';

export function verifyCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('verify')
    .summary('check every record, blob and the tree over them')
    .description(
      'Derives every hash again from the stored bytes, and checks positions, revisions, schemas and blobs. Exit code 120 when something is wrong.',
    )
    .option('--deep', 'also write every record anew and compare the bytes')
    .action(async (options: CommonOptions & { readonly deep?: boolean }) => {
      const output = processOutput(options.json === true);
      const { ledger } = await openForCli(ledgerAddress(options.ledger), 'read');
      try {
        finish(
          (await verifyAndReport(ledger, output, options.deep === true)) ? exitCodes.ok : exitCodes.integrity,
        );
      } finally {
        await ledger.close();
      }
    });
  return withExamples(withCommonOptions(command), {
    'pawl verify': 'what is in ./pawl.db is what was written',
    'pawl verify --deep --ledger old.db': 'also that every record is in canonical form',
  });
}

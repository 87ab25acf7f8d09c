import { Command } from 'commander';
import { type CommonOptions, withCommonOptions } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { processOutput } from './output.ts';
import { verifyAndReport } from './verify-and-report.ts';

export function verifyCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('verify')
    .summary('check every record, blob and the tree over them')
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
  return withCommonOptions(command);
}

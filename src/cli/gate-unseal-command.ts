import { Command, InvalidArgumentError } from 'commander';
import { systemClock } from '../kernel/clock.ts';
import { unseal } from '../loop/improve/examine/unseal.ts';
import { ImprovementLine } from '../loop/improve/improvement-line.ts';
import { withCommonOptions, withExamples } from './common-options.ts';
import type { ExitCode } from './exit-code.ts';
import { findLine } from './find-line.ts';
import { shortId } from './find-run.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { processOutput } from './output.ts';
import type { LineChoice } from './with-line.ts';

interface UnsealOptions extends LineChoice {
  readonly reason: string;
}

const reasonCharactersMax = 900;

export function gateUnsealCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('unseal')
    .summary('give the held-out items up, to look at the runs on them')
    .description(
      'Ends the epoch of the held-out items: `pawl show`, `pawl compare` and the others show the runs on them from then on, and nothing can be tested on these items any more. That cannot be taken back, and is written down with its reason.',
    )
    .requiredOption('--reason <text>', 'why; it stands in the ledger for good', reasonText)
    .option('--line <name>', 'line of improvement (default: the only one there is)')
    .action(async (options: UnsealOptions) => {
      const output = processOutput(options.json === true);
      const opened = await openForCli(ledgerAddress(options.ledger), 'write');
      try {
        const { ledger } = opened;
        const name = await findLine(ledger, options.line);
        const line = await ImprovementLine.open(name, { ...opened, clock: systemClock });
        const { epoch, runs } = await unseal(line, { ledger }, options.reason);
        const which =
          runs.length === 0 ? 'No run had read them.' : `Open now: ${runs.map(shortId).join(', ')}.`;
        output.text(
          `The held-out items of epoch ${epoch} are given up; nothing is tested on them any more. ${which}`,
        );
        output.record({ type: 'unsealed', line: name, epoch, runs, reason: options.reason });
        finish(0);
      } finally {
        await opened.ledger.close();
      }
    });
  return withExamples(withCommonOptions(command), {
    "pawl gate unseal --reason 'the line is closed; we look into what failed'": 'at the end of a line',
  });
}

function reasonText(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Say why.');
  if (text.length <= reasonCharactersMax) return text;
  throw new InvalidArgumentError(`It may have ${reasonCharactersMax} characters.`);
}

import { Command } from 'commander';
import { systemClock } from '../kernel/clock.ts';
import { ImprovementLine } from '../loop/improve/improvement-line.ts';
import { withCommonOptions, withExamples } from './common-options.ts';
import type { ExitCode } from './exit-code.ts';
import { findLine } from './find-line.ts';
import { gateStory } from './gate-story.ts';
import { proposalRecords } from './improve-story.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { processOutput } from './output.ts';
import type { LineChoice } from './with-line.ts';

export function gateShowCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('show')
    .summary('how a line stands: gate, held-out items, champions, proposals')
    .description(
      'Shows the gate that is registered, what is left of its held-out items and their alpha, what the slots hold, and every proposal with what came of it.',
    )
    .option('--line <name>', 'line of improvement (default: the only one there is)')
    .action(async (options: LineChoice) => {
      const output = processOutput(options.json === true);
      const { ledger, writer } = await openForCli(ledgerAddress(options.ledger), 'read');
      try {
        const name = await findLine(ledger, options.line);
        const line = await ImprovementLine.open(name, { ledger, writer, clock: systemClock });
        const { text, record } = await gateStory(ledger, line);
        output.text(text);
        output.record(record);
        for (const proposal of proposalRecords(line.state, 0)) output.record(proposal);
      } finally {
        await ledger.close();
      }
      finish(0);
    });
  return withExamples(withCommonOptions(command), {
    'pawl gate show': 'for people',
    'pawl gate show --json | head -n 1': 'the gate with its whole definition, for a program',
  });
}

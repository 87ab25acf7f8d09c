import { Command } from 'commander';
import { systemClock } from '../kernel/clock.ts';
import { takeOut } from '../loop/work/take-out.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { shortId } from './find-run.ts';
import { hint } from './hint.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { processOutput } from './output.ts';
import { listenForStop } from './stop-signals.ts';
import { findQueuedRun, workDesk } from './work-desk.ts';

export function queueRemoveCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('remove')
    .summary('take a run out of the queue')
    .description(
      'Takes a run out of the queue. What workers have of it they finish; the rest waits until it is queued again or resumed.',
    )
    .argument('<run>', 'the end of its id')
    .action(async (name: string, options: CommonOptions) => {
      const output = processOutput(options.json === true);
      const opened = await openForCli(ledgerAddress(options.ledger), 'write');
      const signals = listenForStop(output, systemClock);
      try {
        const desk = workDesk(opened);
        const run = findQueuedRun(await desk.log.refresh(), name);
        await takeOut(run, 'withdrawn', desk, signals.abort);
        output.record({ type: 'dequeued', run });
        output.text(`Taken out of the queue: ${shortId(run)}`);
        output.note(`Go on with it here: ${hint(`resume ${shortId(run)}`, options)}`);
        finish(exitCodes.ok);
      } finally {
        signals.dispose();
        await opened.ledger.close();
      }
    });
  return withExamples(withCommonOptions(command), { 'pawl queue remove 7XK2QD': 'nobody takes more of it' });
}

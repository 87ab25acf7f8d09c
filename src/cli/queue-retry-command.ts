import { Command } from 'commander';
import { systemClock } from '../kernel/clock.ts';
import { retryParked } from '../loop/work/retry-parked.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { shortId } from './find-run.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { processOutput } from './output.ts';
import { listenForStop } from './stop-signals.ts';
import { findQueuedRun, workDesk } from './work-desk.ts';

export function queueRetryCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('retry')
    .summary('let workers try the parked episodes of a run again')
    .description('Lets workers try the parked episodes of a queued run again, with all their attempts.')
    .argument('<run>', 'the end of its id')
    .action(async (name: string, options: CommonOptions) => {
      const output = processOutput(options.json === true);
      const opened = await openForCli(ledgerAddress(options.ledger), 'write');
      const signals = listenForStop(output, systemClock);
      try {
        const desk = workDesk(opened);
        const run = findQueuedRun(await desk.log.refresh(), name);
        const episodes = await retryParked(run, desk, signals.abort);
        output.record({ type: 'retried', run, episodes });
        output.text(`${episodes.length} parked episodes of ${shortId(run)} may be tried again.`);
        finish(exitCodes.ok);
      } finally {
        signals.dispose();
        await opened.ledger.close();
      }
    });
  return withExamples(withCommonOptions(command), {
    'pawl queue retry 7XK2QD': 'once what failed is mended',
  });
}

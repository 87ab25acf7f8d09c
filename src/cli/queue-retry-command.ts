import { Command } from 'commander';
import { retryParked } from '../loop/work/retry-parked.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { shortId } from './find-run.ts';
import { withQueuedRun } from './with-queued-run.ts';

export function queueRetryCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('retry')
    .summary('let workers try the parked episodes of a run again')
    .description('Lets workers try the parked episodes of a queued run again, with all their attempts.')
    .argument('<run>', 'the end of its id')
    .action(async (name: string, options: CommonOptions) => {
      await withQueuedRun(name, options, async ({ run, desk, output, abort }) => {
        const episodes = await retryParked(run, desk, abort);
        output.record({ type: 'retried', run, episodes });
        output.text(`${episodes.length} parked episodes of ${shortId(run)} may be tried again.`);
      });
      finish(exitCodes.ok);
    });
  return withExamples(withCommonOptions(command), {
    'pawl queue retry 7XK2QD': 'once what failed is mended',
  });
}

import { Command } from 'commander';
import { takeOut } from '../loop/work/take-out.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { shortId } from './find-run.ts';
import { hint } from './hint.ts';
import { withQueuedRun } from './with-queued-run.ts';

export function queueRemoveCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('remove')
    .summary('take a run out of the queue')
    .description(
      'Takes a run out of the queue. What workers have of it they finish; the rest waits until it is queued again or resumed.',
    )
    .argument('<run>', 'the end of its id')
    .action(async (name: string, options: CommonOptions) => {
      await withQueuedRun(name, options, async ({ run, desk, output, abort }) => {
        await takeOut(run, 'withdrawn', desk, abort);
        output.record({ type: 'dequeued', run });
        output.text(`Taken out of the queue: ${shortId(run)}`);
        output.note(`Go on with it here: ${hint(`resume ${shortId(run)}`, options)}`);
      });
      finish(exitCodes.ok);
    });
  return withExamples(withCommonOptions(command), { 'pawl queue remove 7XK2QD': 'nobody takes more of it' });
}

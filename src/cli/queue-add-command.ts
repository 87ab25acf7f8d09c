import { Command } from 'commander';
import { createGenerator } from '../generators/registry.ts';
import type { StreamName } from '../kernel/brand.ts';
import { systemClock } from '../kernel/clock.ts';
import { digestOf } from '../kernel/digest.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { refuseProtectedRun } from '../loop/improve/protected-items.ts';
import { type RunData, readRunState } from '../loop/run-state.ts';
import { enqueueRun, type GeneratorFile } from '../loop/work/enqueue-run.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { findWholeRun, shortId } from './find-run.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { processOutput } from './output.ts';
import { type QueueOptions, termsOf, withQueueOptions } from './queue-options.ts';
import { warnOfNeeds } from './queue-runs.ts';
import { readGeneratorFiles } from './queued-generator.ts';
import { readRuns } from './read-projections.ts';
import { listenForStop } from './stop-signals.ts';
import { workDesk } from './work-desk.ts';

export function queueAddCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('add')
    .summary('let workers go on with a run')
    .description('Queues a run that was begun here and has not finished, with what its generator is made of.')
    .argument('<run>', 'a run: its id or the end of it, or latest')
    .action(async (name: string, options: CommonOptions & QueueOptions) => {
      const output = processOutput(options.json === true);
      const opened = await openForCli(ledgerAddress(options.ledger), 'write');
      const signals = listenForStop(output, systemClock);
      try {
        const run = findWholeRun(await readRuns(opened.ledger), name);
        await refuseProtectedRun(opened.ledger, run);
        const desk = workDesk(opened);
        const { started, episodes } = await readRunState(opened.ledger, run);
        const files = started.imported === null ? await checkedFiles(run, started) : [];
        const wasQueued = (await desk.log.refresh()).has(run);
        await enqueueRun(run, files, termsOf(options), desk, signals.abort);
        output.record({ type: 'queued', run, episodes: episodes.length });
        output.text(`${wasQueued ? 'Was queued already' : 'Queued'}: ${shortId(run)}`);
        await warnOfNeeds(run, desk, options, output);
        finish(exitCodes.ok);
      } finally {
        signals.dispose();
        await opened.ledger.close();
      }
    });
  return withExamples(withCommonOptions(withQueueOptions(command)), {
    'pawl queue add 7XK2QD': 'what `pawl run` began, workers finish',
  });
}

/** @throws PawlError `GENERATOR_UNSUITABLE` where the files here are others than the run began with */
async function checkedFiles(
  run: StreamName,
  started: RunData<'RunStarted'>,
): Promise<readonly GeneratorFile[]> {
  const files = await readGeneratorFiles(started.generatorSpec);
  const generator = await createGenerator(started.generatorSpec);
  await generator.close();
  if (digestOf(generator.ref) === digestOf(started.generator)) return files;
  throw new PawlError(
    'GENERATOR_UNSUITABLE',
    `${started.generatorSpec} is not the generator the run began with: its version or files have changed. Queue it where those are that it began with.`,
    { context: { run } },
  );
}

import { Command, Option } from 'commander';
import { generatorNames } from '../generators/registry.ts';
import type { StreamName } from '../kernel/brand.ts';
import { systemClock } from '../kernel/clock.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { refuseProtected } from '../loop/improve/protected-items.ts';
import { startRuns } from '../loop/start-runs.ts';
import { strategies } from '../strategies/registry.ts';
import { suiteFormats } from '../tasks/registry.ts';
import { splitNames } from '../tasks/split.ts';
import {
  type CommonOptions,
  collect,
  commaList,
  positiveInteger,
  positiveOrNone,
  withCommonOptions,
  withExamples,
} from './common-options.ts';
import { describeParams } from './describe-params.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { shortId } from './find-run.ts';
import { hint } from './hint.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { openSandboxes } from './open-sandbox.ts';
import { type Output, processOutput } from './output.ts';
import { planRuns, type RunOptions } from './plan-runs.ts';
import { type QueueOptions, withQueueOptions } from './queue-options.ts';
import { queueAndReport } from './queue-runs.ts';
import { executeRuns, nothingBefore } from './run-session.ts';
import { withSandboxOptions } from './sandbox-options.ts';
import { listenForStop } from './stop-signals.ts';
import { printSummary } from './summary.ts';

/** Enough for any sensible public test, and an endless loop is over in a fraction of a second. */
export const defaultMaxSteps = 500_000;

interface Queueing {
  readonly queue?: boolean;
  readonly wait?: boolean;
}

const stepsHelp = "steps of one execution against public tests, or none for the task's own limit";

export function runCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('run')
    .summary('run strategies over the tasks of a suite')
    .description(
      'Runs one or more strategies over the same tasks with the same draws, every step in the ledger.',
    )
    .option('--suite <spec>', `tasks: ${suiteFormats.map(({ usage }) => usage).join(', ')}`, 'starter')
    .addOption(new Option('--split <name>', 'only the tasks of this split').choices(splitNames))
    .option('--tasks <ids>', 'only these tasks, separated by commas', commaList)
    .option('--limit <count>', 'only the first so many tasks', positiveInteger)
    .option('--strategy <names>', 'separated by commas', commaList, ['sequential-feedback'])
    .option(
      '--set <parameter=value>',
      'a strategy parameter, or STRATEGY.parameter=value (repeatable)',
      collect,
      [],
    )
    .option(
      '--candidates <count>',
      'candidates to generate per task, for every strategy',
      positiveInteger,
      12,
    )
    .option('--max-executions <count>', 'executions per task', positiveInteger)
    .option('--max-tokens <count>', 'model tokens per task', positiveInteger)
    .option('--max-steps <count>', stepsHelp, positiveOrNone, defaultMaxSteps)
    .option('--max-wall <seconds>', 'wall time of each run', positiveInteger)
    .option('--generator <spec>', `who writes candidates: ${generatorNames.join(', ')}`, 'repair')
    .option('--prompt <file>', 'template that prompts are rendered from (default: the built-in one)')
    .option('--seed <text>', 'the same seed gives the same run', '1')
    .option('--queue', 'let workers do it (`pawl worker`, on any machine that reaches the ledger)')
    .option('--wait', 'with --queue: show how it gets on until workers have finished');
  withSandboxOptions(withCommonOptions(withQueueOptions(command)));
  const known = strategies
    .map((strategy) => {
      const params = describeParams(strategy).join('; ');
      return `  ${strategy.name.padEnd(22)}${strategy.summary}\n${' '.repeat(24)}--set ${params}`;
    })
    .join('\n');
  const formats = suiteFormats.map(({ usage, summary }) => `  ${usage.padEnd(22)}${summary}`).join('\n');
  command.addHelpText('after', `\nStrategies:\n${known}\n\nSuites:\n${formats}`);
  withExamples(command, {
    'pawl run --limit 8': 'eight tasks of the starter suite',
    'pawl run --suite native:tasks.jsonl --strategy best-of-n,unary-retry':
      'two strategies on your own tasks',
    'pawl run --strategy best-of-n --set width=4 --seed 2': 'four candidates at a time, other draws',
    'pawl run --generator model:model.json --prompt mine.txt':
      'a language model, told what your template says',
    'pawl run --queue --wait': 'worked on by whatever workers there are',
  });
  command.action(async (options: RunOptions & CommonOptions & QueueOptions & Queueing) => {
    const output = processOutput(options.json === true);
    if (options.wait === true && options.queue !== true)
      throw new PawlError('USAGE', '--wait is for runs that workers do: give --queue as well.');
    const isQueued = options.queue === true;
    const { code, runs } = await (isQueued ? queueAndReport : runAndReport)(options, output);
    if (isQueued && options.wait !== true) {
      output.note(`See how it gets on: ${hint('queue', options)}`);
      finish(code);
      return;
    }
    const last = runs.at(-1);
    if (code === exitCodes.ok && last !== undefined)
      output.note(`Look closer: ${hint(`show ${shortId(last)}`, options)}`);
    finish(code);
  });
  return command;
}

/** What `run` does: plan, write down, execute, sum up. Gives the runs, also when they were stopped before their end. */
export async function runAndReport(
  options: RunOptions & CommonOptions,
  output: Output,
): Promise<{ readonly code: ExitCode; readonly runs: readonly StreamName[] }> {
  const sandboxes = await openSandboxes(options, output);
  const signals = listenForStop(output, systemClock);
  sandboxes.heed(signals.pause);
  try {
    const plan = await planRuns(options, await sandboxes.asked());
    const opened = await openForCli(ledgerAddress(options.ledger), 'create');
    try {
      await refuseProtected(opened.ledger, plan.suite.digest, plan.taskIds);
      const runs = await startRuns(opened.ledger, plan, opened.ids, opened.writer);
      output.note(
        `${plan.suite.name}: ${plan.taskIds.length} tasks, seed ${plan.seed}, ledger ${opened.ledger.address}`,
      );
      const session = { opened, sandboxes, signals, output, options, before: nothingBefore };
      const finished = await executeRuns(runs, session);
      await printSummary(opened.ledger, runs, output);
      return { code: finished ? exitCodes.ok : exitCodes.error, runs };
    } finally {
      await opened.ledger.close();
    }
  } finally {
    signals.dispose();
    await sandboxes.close();
  }
}

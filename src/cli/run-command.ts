import { Command, Option } from 'commander';
import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import { createGenerator, generatorNames } from '../generators/registry.ts';
import { startRuns } from '../loop/start-runs.ts';
import { strategies } from '../strategies/registry.ts';
import { suiteFormats } from '../tasks/registry.ts';
import { splitNames } from '../tasks/split.ts';
import {
  type CommonOptions,
  commaList,
  positiveInteger,
  withCommonOptions,
  withJobs,
} from './common-options.ts';
import type { ExitCode } from './exit-code.ts';
import { shortId } from './find-run.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { type Output, processOutput } from './output.ts';
import { planRuns, type RunOptions } from './plan-runs.ts';
import { executeRuns } from './run-session.ts';
import { listenForStop } from './stop-signals.ts';
import { printSummary } from './summary.ts';

/** Enough for any sensible public test, and an endless loop is over in a fraction of a second. */
export const defaultMaxSteps = 500_000;
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
    .option('--max-steps <count>', stepsHelp, stepsOrNone, defaultMaxSteps)
    .option('--max-wall <seconds>', 'wall time of each run', positiveInteger)
    .option('--generator <spec>', `who writes candidates: ${generatorNames.join(', ')}`, 'repair')
    .option('--seed <text>', 'the same seed gives the same run', '1');
  withJobs(withCommonOptions(command));
  const known = strategies.map(({ name, summary }) => `  ${name.padEnd(22)}${summary}`).join('\n');
  const formats = suiteFormats.map(({ usage, summary }) => `  ${usage.padEnd(22)}${summary}`).join('\n');
  command.addHelpText('after', `\nStrategies:\n${known}\n\nSuites:\n${formats}`);
  command.action(async (options: RunOptions & CommonOptions) => {
    finish(await runAndReport(options, processOutput(options.json === true)));
  });
  return command;
}

export async function runAndReport(options: RunOptions & CommonOptions, output: Output): Promise<ExitCode> {
  const sandbox = createWasmSandbox({ workers: options.jobs });
  const signals = listenForStop(output);
  try {
    const generator = await createGenerator(options.generator);
    const plan = await planRuns(options, generator.ref, sandbox);
    await generator.close();
    const opened = await openForCli(ledgerAddress(options.ledger), 'write');
    try {
      const runs = await startRuns(opened.ledger, plan, opened.ids, opened.writer);
      output.note(
        `${plan.suite.name}: ${plan.taskIds.length} tasks, seed ${plan.seed}, ledger ${opened.ledger.address}`,
      );
      const finished = await executeRuns(runs, opened, signals, options, output, sandbox);
      await printSummary(opened.ledger, runs, output);
      const [first] = runs;
      if (finished && first !== undefined) output.note(`Look closer: npx pawl show ${shortId(first)}`);
      return finished ? 0 : 1;
    } finally {
      await opened.ledger.close();
    }
  } finally {
    signals.dispose();
    await sandbox.close();
  }
}

function stepsOrNone(text: string): number | 'none' {
  return text === 'none' ? text : positiveInteger(text);
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

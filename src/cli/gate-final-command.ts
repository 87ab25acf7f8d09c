import { Command } from 'commander';
import { finalTest } from '../loop/improve/examine/final-test.ts';
import { withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type Output, processOutput } from './output.ts';
import { withSandboxOptions } from './sandbox-options.ts';
import { type JudgingOptions, judgingLine } from './with-line.ts';

export function gateFinalCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('final')
    .summary('open the sealed items, once: is the champion better than the baseline?')
    .description(
      'Runs the baseline and the certified champion on the sealed items, from which nothing was ever decided, and tests once. There is no second opening. Stopped, the same command goes on.',
    )
    .option('--line <name>', 'line of improvement (default: the only one there is)')
    .action(async (options: JudgingOptions) => {
      finish(await run(options, processOutput(options.json === true)));
    })
    .addHelpText('after', '\nExit codes: 0 it is better, 100 that is not shown, 101 inconclusive.');
  return withExamples(withSandboxOptions(withCommonOptions(command)), {
    'pawl gate final': 'at the very end',
  });
}

async function run(options: JudgingOptions, output: Output): Promise<ExitCode> {
  return judgingLine(options, output, async ({ line, services, signals }) => {
    const { verdict, method, level, statistic, items, numbers, sentence } = await finalTest(
      line,
      services,
      signals,
    );
    output.text(`${verdict.replace('_', ' ')}: ${sentence}`);
    output.record({
      ...{ type: 'final-test', line: line.name, verdict, method, level, statistic, items, numbers, sentence },
    });
    if (verdict === 'better') return exitCodes.ok;
    return verdict === 'not_shown' ? 100 : 101;
  });
}

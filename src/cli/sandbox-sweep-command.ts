import { Command } from 'commander';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { processOutput } from './output.ts';
import { type SandboxOptions, withContainerOptions } from './sandbox-options.ts';

export function sandboxSweepCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('sweep')
    .summary('remove containers whose Pawl is no longer alive')
    .description(
      'Removes what killed processes left at the engine. Every process does so when it begins; this is for when none will. Containers of living processes are not touched.',
    )
    .action(async (options: CommonOptions & Partial<SandboxOptions>) => {
      const output = processOutput(options.json === true);
      const { engineDesk } = await import('./engine-desk.ts');
      const { sweepContainers } = await import('../../sandbox/docker/container/sweep.ts');
      const { removed, left } = await sweepContainers((await engineDesk(options)).engine);
      output.record({ type: 'swept', removed, left });
      output.text(`Removed ${removed} containers; ${left} belong to processes that are alive.`);
      finish(exitCodes.ok);
    });
  return withExamples(withContainerOptions(withCommonOptions(command)), {
    'pawl sandbox sweep': 'after a machine was reset',
  });
}

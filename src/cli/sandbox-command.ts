import { Command } from 'commander';
import type { ExitCode } from './exit-code.ts';
import { sandboxBuildCommand } from './sandbox-build-command.ts';
import { sandboxProfileCommand } from './sandbox-profile-command.ts';
import { sandboxPullCommand } from './sandbox-pull-command.ts';
import { sandboxStatusCommand } from './sandbox-status-command.ts';
import { sandboxSweepCommand } from './sandbox-sweep-command.ts';

/** Where programs are executed: the container engine, its images, and what a program costs there. */
export function sandboxCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('sandbox')
    .summary('where programs are executed: the container engine, its images, what a program costs')
    .description('Looks after the sandbox; `pawl sandbox` alone tells about the container engine.');
  command.addCommand(sandboxStatusCommand(finish), { isDefault: true });
  for (const make of [sandboxBuildCommand, sandboxPullCommand, sandboxSweepCommand, sandboxProfileCommand])
    command.addCommand(make(finish));
  return command;
}

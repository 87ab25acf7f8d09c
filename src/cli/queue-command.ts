import { Command } from 'commander';
import type { ExitCode } from './exit-code.ts';
import { queueAddCommand } from './queue-add-command.ts';
import { queueListCommand } from './queue-list-command.ts';
import { queueRemoveCommand } from './queue-remove-command.ts';
import { queueRetryCommand } from './queue-retry-command.ts';
import { queueShowCommand } from './queue-show-command.ts';

/** What workers have to do, and what a person can do about it. */
export function queueCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('queue')
    .summary('what workers have to do: list it, add runs, take them out, try parked episodes again')
    .description('The queue that workers take episodes from; `pawl queue` alone lists the runs in it.');
  command.addCommand(queueListCommand(finish), { isDefault: true });
  for (const make of [queueShowCommand, queueAddCommand, queueRemoveCommand, queueRetryCommand])
    command.addCommand(make(finish));
  return command;
}

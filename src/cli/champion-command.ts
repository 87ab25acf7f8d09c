import { Command } from 'commander';
import { championGetCommand } from './champion-get-command.ts';
import { championHistoryCommand } from './champion-history-command.ts';
import { championRollbackCommand } from './champion-rollback-command.ts';
import type { ExitCode } from './exit-code.ts';

/** What slots hold, held, and are to hold again. */
export function championCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('champion')
    .summary('what slots hold, held, and are to hold again')
    .description('Champions: what each slot of a line holds, by content hash.');
  for (const make of [championGetCommand, championHistoryCommand, championRollbackCommand])
    command.addCommand(make(finish));
  return command;
}

import { Command } from 'commander';
import type { ExitCode } from './exit-code.ts';
import { gateCheckCommand } from './gate-check-command.ts';
import { gatePlanCommand } from './gate-plan-command.ts';
import { gateWhatIfCommand } from './gate-what-if-command.ts';

/** Everything about gates; each subcommand is a file of its own. */
export function gateCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('gate').description(
    'Gates: what held-out items decide, and what they can decide.',
  );
  for (const make of [gatePlanCommand, gateCheckCommand, gateWhatIfCommand]) command.addCommand(make(finish));
  return command;
}

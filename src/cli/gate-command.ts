import { Command } from 'commander';
import type { ExitCode } from './exit-code.ts';
import { gateCheckCommand } from './gate-check-command.ts';
import { gateFinalCommand } from './gate-final-command.ts';
import { gateOpenCommand } from './gate-open-command.ts';
import { gatePlanCommand } from './gate-plan-command.ts';
import { gateProposeCommand } from './gate-propose-command.ts';
import { gateShowCommand } from './gate-show-command.ts';
import { gateUnsealCommand } from './gate-unseal-command.ts';
import { gateWhatIfCommand } from './gate-what-if-command.ts';

/** Everything about gates; each subcommand is a file of its own. */
export function gateCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('gate')
    .summary('open, show, plan, ask, change and finish a gate')
    .description('Gates: what held-out items decide, and what they can decide.');
  for (const make of [
    gateOpenCommand,
    gateShowCommand,
    gatePlanCommand,
    gateCheckCommand,
    gateProposeCommand,
    gateFinalCommand,
    gateUnsealCommand,
    gateWhatIfCommand,
  ])
    command.addCommand(make(finish));
  return command;
}

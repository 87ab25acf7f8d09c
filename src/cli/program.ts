import { Command } from 'commander';
import { pawlVersion } from '../kernel/pawl-version.ts';
import { approveCommand, refuseCommand } from './answer-commands.ts';
import { auditCommand } from './audit-command.ts';
import { backupCommand } from './backup-command.ts';
import { championCommand } from './champion-command.ts';
import { checkpointCommand } from './checkpoint-command.ts';
import { compareCommand } from './compare-command.ts';
import { copyCommand } from './copy-command.ts';
import { diffCommand } from './diff-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { eraseCommand } from './erase-command.ts';
import type { ExitCode } from './exit-code.ts';
import { exportCommand } from './export-command.ts';
import { forkCommand } from './fork-command.ts';
import { gateCommand } from './gate-command.ts';
import { importCommand } from './import-command.ts';
import { improveCommand } from './improve-command.ts';
import { initCommand } from './init-command.ts';
import { proposeCommand } from './propose-command.ts';
import { proveCommand } from './prove-command.ts';
import { queueCommand } from './queue-command.ts';
import { replayCommand } from './replay-command.ts';
import { rerunCommand } from './rerun-command.ts';
import { restoreCommand } from './restore-command.ts';
import { resumeCommand } from './resume-command.ts';
import { runCommand } from './run-command.ts';
import { runsCommand } from './runs-command.ts';
import { sandboxCommand } from './sandbox-command.ts';
import { showCommand } from './show-command.ts';
import { startCommand } from './start-command.ts';
import { tilesCommand } from './tiles-command.ts';
import { verifyCommand } from './verify-command.ts';
import { workerCommand } from './worker-command.ts';
import { workersCommand } from './workers-command.ts';

/** All commands; each tells `finish` the exit code it came to. */
export function createProgram(finish: (code: ExitCode) => void): Command {
  const program = new Command('pawl')
    .description('An event-sourced experiment ledger for improvement loops.')
    .version(pawlVersion)
    .showHelpAfterError('(add --help for what it takes)');
  for (const make of [
    startCommand,
    initCommand,
    runCommand,
    resumeCommand,
    workerCommand,
    workersCommand,
    queueCommand,
    runsCommand,
    showCommand,
    compareCommand,
    replayCommand,
    rerunCommand,
    forkCommand,
    diffCommand,
    improveCommand,
    proposeCommand,
    approveCommand,
    refuseCommand,
    championCommand,
    gateCommand,
    verifyCommand,
    checkpointCommand,
    proveCommand,
    tilesCommand,
    exportCommand,
    importCommand,
    auditCommand,
    eraseCommand,
    backupCommand,
    restoreCommand,
    copyCommand,
    sandboxCommand,
    doctorCommand,
  ]) {
    program.addCommand(make(finish).copyInheritedSettings(program));
  }
  program.addHelpText(
    'after',
    '\nExit codes: 0 ok, 1 error, 2 usage, 100 gate said discard, 101 gate inconclusive, 110 replay diverged, 120 ledger integrity.',
  );
  return program;
}

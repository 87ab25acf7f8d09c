import { Command } from 'commander';
import type { StreamName } from '../kernel/brand.ts';
import { type CommonOptions, withCommonOptions, withJobs } from './common-options.ts';
import type { ExitCode } from './exit-code.ts';
import { findRun } from './find-run.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { type Output, processOutput } from './output.ts';
import { readRuns } from './read-projections.ts';
import { executeRuns } from './run-session.ts';
import { listenForStop } from './stop-signals.ts';
import { printSummary } from './summary.ts';

interface ResumeOptions extends CommonOptions {
  readonly jobs: number;
}

export function resumeCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('resume')
    .summary('go on with runs that were stopped or killed')
    .argument('[runs...]', 'which runs; all unfinished ones when none is named')
    .action(async (runs: readonly string[], options: ResumeOptions) => {
      finish(await resume(runs, options, processOutput(options.json === true)));
    });
  return withJobs(withCommonOptions(command));
}

async function resume(names: readonly string[], options: ResumeOptions, output: Output): Promise<ExitCode> {
  const signals = listenForStop(output);
  const opened = await openForCli(ledgerAddress(options.ledger), 'write');
  try {
    const state = await readRuns(opened.ledger);
    const wanted = names.map((name) => findRun(state, name).run);
    const all = Object.keys(state.runs) as StreamName[];
    const unfinished = all.filter((run) => state.runs[run]?.status !== 'finished');
    const runs = names.length === 0 ? unfinished : wanted;
    if (runs.length === 0) {
      output.note('Nothing to resume: every run has finished.');
      return 0;
    }
    const finished = await executeRuns(runs, opened, signals, options, output);
    await printSummary(opened.ledger, runs, output);
    return finished ? 0 : 1;
  } finally {
    signals.dispose();
    await opened.ledger.close();
  }
}

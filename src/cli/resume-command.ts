import { Command } from 'commander';
import { createWasmSandbox } from '../../sandbox/wasm/wasm-sandbox.ts';
import type { StreamName } from '../kernel/brand.ts';
import { systemClock } from '../kernel/clock.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readRunState } from '../loop/run-state.ts';
import { type CommonOptions, withCommonOptions, withExamples, withJobs } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { findWholeRun, shortId } from './find-run.ts';
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
    .description(
      'Goes on where the ledger ends: what has an outcome is not done again, what was begun without one is. The end is that of a run nobody stopped.',
    )
    .argument('[runs...]', 'which runs; all unfinished ones when none is named')
    .action(async (runs: readonly string[], options: ResumeOptions) => {
      finish(await resume(runs, options, processOutput(options.json === true)));
    });
  return withExamples(withJobs(withCommonOptions(command)), {
    'pawl resume': 'all unfinished runs',
    'pawl resume 7XK2QD -j 1': 'one of them, with one worker',
  });
}

async function resume(names: readonly string[], options: ResumeOptions, output: Output): Promise<ExitCode> {
  const opened = await openForCli(ledgerAddress(options.ledger), 'write');
  const signals = listenForStop(output, systemClock);
  const sandbox = createWasmSandbox({ workers: options.jobs });
  try {
    const before = await readRuns(opened.ledger);
    const wanted = [...new Set(names.map((name) => findWholeRun(before, name)))];
    // A gate's own runs are gone on with by whoever judges, and by nobody who prints results.
    const all = (Object.keys(before.runs) as StreamName[]).filter((run) => !before.sealed.has(run));
    const unfinished = (names.length === 0 ? all : wanted).filter(
      (run) => before.runs[run]?.status !== 'finished',
    );
    const runs = await withoutImported(opened.ledger, unfinished, output);
    if (runs.length === 0) {
      output.note(`Nothing to resume: every run ${names.length === 0 ? '' : 'named '}has finished.`);
      return exitCodes.ok;
    }
    const finished = await executeRuns(runs, { opened, sandbox, signals, output, options, before });
    await printSummary(opened.ledger, runs, output);
    return finished ? exitCodes.ok : exitCodes.error;
  } finally {
    signals.dispose();
    await sandbox.close();
    await opened.ledger.close();
  }
}

/** Nobody here can go on with another tool's run; only its file has the rest. */
async function withoutImported(
  ledger: Ledger,
  runs: readonly StreamName[],
  output: Output,
): Promise<readonly StreamName[]> {
  const own: StreamName[] = [];
  for (const run of runs) {
    const { imported } = (await readRunState(ledger, run)).started;
    if (imported === null) own.push(run);
    else
      output.note(
        `${shortId(run)} is an import of ${imported.name} that was stopped: import the file again.`,
      );
  }
  return own;
}

import { Command } from 'commander';
import type { StreamName } from '../kernel/brand.ts';
import { systemClock } from '../kernel/clock.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { refuseProtectedRun } from '../loop/improve/protected-items.ts';
import { readRunState } from '../loop/run-state.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { findWholeRun, shortId } from './find-run.ts';
import { hint } from './hint.ts';
import { ledgerAddress, type OpenedForCli, openForCli } from './open-for-cli.ts';
import { openSandboxes } from './open-sandbox.ts';
import { type Output, processOutput } from './output.ts';
import { readRuns } from './read-projections.ts';
import { executeRuns } from './run-session.ts';
import { type SandboxOptions, withSandboxOptions } from './sandbox-options.ts';
import { listenForStop } from './stop-signals.ts';
import { printSummary } from './summary.ts';
import { workDesk } from './work-desk.ts';

type ResumeOptions = CommonOptions & SandboxOptions;

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
  return withExamples(withSandboxOptions(withCommonOptions(command)), {
    'pawl resume': 'all unfinished runs',
    'pawl resume 7XK2QD -j 1': 'one of them, with one worker',
  });
}

async function resume(names: readonly string[], options: ResumeOptions, output: Output): Promise<ExitCode> {
  const sandboxes = await openSandboxes(options, output);
  const opened = await openForCli(ledgerAddress(options.ledger), 'write');
  const signals = listenForStop(output, systemClock);
  sandboxes.heed(signals.pause);
  try {
    const before = await readRuns(opened.ledger);
    const wanted = [...new Set(names.map((name) => findWholeRun(before, name)))];
    // A gate's own runs are gone on with by whoever judges, and by nobody who prints results.
    const all = (Object.keys(before.runs) as StreamName[]).filter((run) => !before.sealed.has(run));
    const unfinished = (names.length === 0 ? all : wanted).filter(
      (run) => before.runs[run]?.status !== 'finished',
    );
    const own = await withoutImported(opened.ledger, unfinished, output);
    // Whoever names one is told by an error; of all there are, the others go on.
    if (names.length > 0) for (const run of own) await refuseProtectedRun(opened.ledger, run);
    const free = names.length > 0 ? own : await withoutProtected(own, opened.ledger, output);
    const runs = await withoutQueued(free, opened, options, output);
    if (runs.length === 0) {
      if (own.length > 0) return exitCodes.ok;
      output.note(`Nothing to resume: every run ${names.length === 0 ? '' : 'named '}has finished.`);
      return exitCodes.ok;
    }
    const finished = await executeRuns(runs, { opened, sandboxes, signals, output, options, before });
    await printSummary(opened.ledger, runs, output);
    return finished ? exitCodes.ok : exitCodes.error;
  } finally {
    signals.dispose();
    await sandboxes.close();
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

/** Those that were begun before a gate held out some of their tasks wait until it has done with them. */
async function withoutProtected(
  runs: readonly StreamName[],
  ledger: Ledger,
  output: Output,
): Promise<readonly StreamName[]> {
  const free: StreamName[] = [];
  for (const run of runs) {
    try {
      await refuseProtectedRun(ledger, run);
      free.push(run);
    } catch (error) {
      if (!isPawlError(error, 'HELD_OUT_PROTECTED')) throw error;
      output.note(`${shortId(run)} is left as it is: ${error.message}`);
    }
  }
  return free;
}

/** Workers go on with those: two kinds of session on one run would only do the same work twice. */
async function withoutQueued(
  runs: readonly StreamName[],
  opened: OpenedForCli,
  options: ResumeOptions,
  output: Output,
): Promise<readonly StreamName[]> {
  const queued = await workDesk(opened).log.refresh();
  for (const run of runs) {
    if (!queued.has(run)) continue;
    const name = shortId(run);
    const alone = `${hint(`queue remove ${name}`, options)}, then resume it`;
    output.note(
      `${name} is queued: workers go on with it (${hint('worker', options)}). To go on with it here alone: ${alone}.`,
    );
    output.record({ type: 'queued', run });
  }
  return runs.filter((run) => !queued.has(run));
}

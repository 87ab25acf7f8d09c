import { Command } from 'commander';
import type { RunsState } from '../../projections/run.ts';
import { createGenerator } from '../generators/registry.ts';
import type { StreamName } from '../kernel/brand.ts';
import { systemClock } from '../kernel/clock.ts';
import { isPawlError, PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { recordReplay } from '../loop/record-replay.ts';
import { regenerateRuns } from '../loop/regenerate-runs.ts';
import type { Comparison } from '../loop/rerun-comparable.ts';
import { type RerunScope, type RerunServices, rerunEpisodes } from '../loop/rerun-episodes.ts';
import { addEpisode, noTotals, type RerunTotals, totalVerdict } from '../loop/rerun-totals.ts';
import { readRunState } from '../loop/run-state.ts';
import { type CommonOptions, positiveInteger, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { findRun } from './find-run.ts';
import { moment } from './moment.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { openSandboxes } from './open-sandbox.ts';
import { type Output, processOutput } from './output.ts';
import { type KnownRuns, readRuns } from './read-projections.ts';
import { reportRegenerated } from './report-regenerated.ts';
import { rerunExecutors } from './rerun-executors.ts';
import { RerunProgress } from './rerun-progress.ts';
import { RerunReport } from './rerun-report.ts';
import { type SandboxOptions, withSandboxOptions } from './sandbox-options.ts';
import { listenForStop } from './stop-signals.ts';

interface RerunOptions extends CommonOptions, SandboxOptions {
  readonly all?: boolean;
  readonly since?: number;
  readonly until?: number;
  readonly limit?: number;
  readonly regenerate?: boolean;
  readonly record?: boolean;
  readonly verdicts?: boolean;
}

/** Per worker: enough that a program that takes long does not leave the other workers without one. */
const aheadPerWorker = 16;

export function rerunCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('rerun')
    .summary('execute every candidate again and compare with what was recorded')
    .description(
      'Executes what was executed once more, on the recorded interpreter, and compares outcome, every test, output and steps byte for byte. Real time is told and not compared. Exit code 110 when something differs.',
    )
    .argument('[run]', 'a run (its id or the end of it), or an episode as RUN.INDEX or RUN:TASK')
    .option('--all', 'every run of the ledger')
    .option('--since <time>', 'only what was executed at that time or later (UTC)', moment)
    .option('--until <time>', 'only what was executed before that time (UTC)', moment)
    .option('--limit <count>', 'only the first so many episodes', positiveInteger)
    .option(
      '--verdicts',
      'compare only how executions and their tests ended, so that another interpreter may execute them',
    )
    .option('--regenerate', 'also ask the generators again and tell how far they stray; never a failure')
    .option('--record', 'write what came of it into the ledger')
    .action(async (name: string | undefined, options: RerunOptions) => {
      finish(await rerun(name, options, processOutput(options.json === true)));
    });
  return withExamples(withSandboxOptions(withCommonOptions(command)), {
    'pawl rerun': 'the last run',
    'pawl rerun 7XK2QD.3': 'one episode of a run',
    'pawl rerun --verdicts --sandbox docker': 'whether the last run comes to the same verdicts in containers',
    'pawl rerun --all --since 2026-11-01 --record': "this month's runs, with a note in the ledger",
  });
}

async function rerun(name: string | undefined, options: RerunOptions, output: Output): Promise<ExitCode> {
  if (name !== undefined && options.all === true) {
    throw new PawlError('USAGE', 'Name a run or an episode, or give --all, not both.');
  }
  if (options.verdicts === true && options.record === true) {
    throw new PawlError(
      'USAGE',
      'What --record writes says that everything was compared, which it is not with --verdicts.',
    );
  }
  const sandboxes = await openSandboxes(options, output);
  const { ledger, writer } = await openForCli(
    ledgerAddress(options.ledger),
    options.record === true ? 'write' : 'read',
  );
  const signals = listenForStop(output, systemClock);
  sandboxes.heed(signals.pause);
  try {
    const state = await readRuns(ledger);
    const { scope, scopes } = await scopesOf(ledger, state, name, options);
    const executors = rerunExecutors(sandboxes, { atATime: options.jobs * 2, signals });
    const window = { sinceMs: options.since ?? null, untilMs: options.until ?? null };
    const wanted = scopes.reduce((sum, { episodes }) => sum + episodes.length, 0);
    const { performed, executorFor } = executors;
    const report = new RerunReport(output, options.verdicts === true);
    const progress = new RerunProgress(wanted, performed, output, systemClock, process.stderr);
    const onDone = (): void => progress.advance();
    const comparison: Comparison = options.verdicts === true ? 'verdicts' : 'whole';
    const ahead = options.jobs * aheadPerWorker;
    const services = { executorFor, window, comparison, signals, onDone, ahead };
    const totals = noTotals();
    try {
      for await (const episode of rerunEpisodes(ledger, scopes, services)) {
        addEpisode(totals, episode);
        if (episode.verdict !== 'pass') progress.end();
        report.episode(episode);
      }
    } catch (error) {
      if (!isPawlError(error, 'INTERRUPTED')) throw error;
    } finally {
      progress.end();
    }
    const stopped = totals.episodes < wanted;
    report.end(totals, performed(), stopped);
    if (stopped) output.note(`Stopped after ${totals.episodes} of ${wanted} episodes.`);
    else if (options.record === true) await recordReplay(ledger, finishedOf(scope, totals), writer);
    if (options.regenerate === true && !stopped) {
      await regenerate(ledger, scopes, { ...services, onDone: () => undefined }, output);
    }
    return exitCodeOf(totals, stopped);
  } finally {
    signals.dispose();
    await sandboxes.close();
    await ledger.close();
  }
}

/** What it finds decides nothing: a model that answers otherwise the second time has not failed. */
async function regenerate(
  ledger: Ledger,
  scopes: readonly RerunScope[],
  services: RerunServices,
  output: Output,
): Promise<void> {
  try {
    for await (const run of regenerateRuns(ledger, scopes, { ...services, createGenerator })) {
      reportRegenerated(run, output);
    }
  } catch (error) {
    if (!isPawlError(error, 'INTERRUPTED')) throw error;
    output.note('Stopped before every generator was asked.');
  }
}

async function scopesOf(
  ledger: Ledger,
  state: KnownRuns,
  name: string | undefined,
  { all, limit }: RerunOptions,
): Promise<{ readonly scope: string; readonly scopes: readonly RerunScope[] }> {
  if (all === true) {
    const runs = (Object.keys(state.runs) as StreamName[]).filter((run) => !state.sealed.has(run));
    const scopes = await Promise.all(runs.map((run) => wholeRun(ledger, state, run)));
    return { scope: 'all', scopes: limited(scopes, limit) };
  }
  const found = findRun(state, name ?? 'latest');
  if (found.kind === 'episode') {
    return { scope: found.episode, scopes: [{ run: found.run, episodes: [found.episode] }] };
  }
  return { scope: found.run, scopes: limited([await wholeRun(ledger, state, found.run)], limit) };
}

/** What has not begun has nothing to execute; but a run that counts more ends than there are has lost some of it. */
async function wholeRun(ledger: Ledger, state: RunsState, run: StreamName): Promise<RerunScope> {
  const { status: standing, episodes = [] } = state.runs[run] ?? {};
  const begun = episodes.filter(({ status }) => status !== 'scheduled');
  const isShort = standing === 'finished' && begun.length < episodes.length;
  const ended = isShort ? ((await readRunState(ledger, run)).finished?.episodes ?? 0) : 0;
  const wanted = ended > begun.length ? episodes : begun;
  return { run, episodes: wanted.map(({ episode }) => episode) };
}

function limited(scopes: readonly RerunScope[], limit: number | undefined): readonly RerunScope[] {
  let left = limit ?? Number.POSITIVE_INFINITY;
  return scopes.map(({ run, episodes }) => {
    const kept = episodes.slice(0, left);
    left -= kept.length;
    return { run, episodes: kept };
  });
}

function finishedOf(scope: string, totals: RerunTotals) {
  const { episodes, compared, diverged, inconclusive } = totals;
  const verdict = totalVerdict(totals);
  return { mode: 'rerun', scope, verdict, streams: episodes, compared, diverged, inconclusive } as const;
}

function exitCodeOf(totals: RerunTotals, stopped: boolean): ExitCode {
  const verdict = totalVerdict(totals);
  if (verdict === 'diverged') return exitCodes.replayDiverged;
  return verdict === 'pass' && !stopped ? exitCodes.ok : exitCodes.error;
}

import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import type { StreamName } from '../kernel/brand.ts';
import { systemClock } from '../kernel/clock.ts';
import type { JsonObject } from '../kernel/json.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { recordReplay } from '../loop/record-replay.ts';
import { type ReplayScope, type ReplayWhat, replayScope, type TimeWindow } from '../loop/replay-scope.ts';
import type { ReplayTotals } from '../loop/replay-sums.ts';
import type { StreamReplay } from '../loop/replay-verdict.ts';
import { type CommonOptions, positiveInteger, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { findRun } from './find-run.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { type Output, processOutput } from './output.ts';
import { readRuns } from './read-projections.ts';
import { readSealed, type Sealed } from './read-sealed.ts';
import { explainReplay, replayLine } from './replay-story.ts';
import { replayStreams } from './replay-streams.ts';
import { type Moment, momentMs, parseMoment } from './time-window.ts';

interface ReplayCommandOptions extends CommonOptions {
  readonly all?: boolean;
  readonly since?: Moment;
  readonly until?: Moment;
  readonly jobs: number;
  readonly record?: boolean;
}

export function replayCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('replay')
    .summary('check that everything in the ledger follows from what was recorded')
    .description(
      'Folds the recorded streams without performing anything and checks that each decision, prompt, feedback, score, budget and total comes out as recorded. Exit code 110 when something does not; 1 when something it takes is missing.',
    )
    .argument(
      '[run]',
      'a run (its id or the end of it), an episode as RUN.INDEX or RUN:TASK, or improvement-NAME',
      'latest',
    )
    .option('--all', 'the whole ledger: every run, episode, suite, line of improvement and audit stream')
    .option(
      '--since <time>',
      'only streams with events from then on: 2026-03-01T12:00Z, or 2h ago',
      parseMoment,
    )
    .option('--until <time>', 'only streams with events up to then', parseMoment)
    .addOption(
      new Option('-j, --jobs <count>', 'threads')
        .argParser(positiveInteger)
        .default(availableParallelism(), 'one for each processor'),
    )
    .option('--record', 'write down in the ledger that it was replayed, and the verdict')
    .action(async (name: string, options: ReplayCommandOptions, { args }: Command) => {
      if (options.all === true && args.length > 0)
        throw new PawlError('USAGE', `--all replays the whole ledger; leave out "${name}", or --all.`);
      finish(await replay(name, options, processOutput(options.json === true)));
    });
  return withExamples(withCommonOptions(command), {
    'pawl replay': 'the last run',
    'pawl replay 7XK2QD.3': 'one episode of a run',
    'pawl replay --all --record': 'the whole ledger, and note the verdict in it',
    'pawl replay --all --since 2h': 'what was worked on in the last two hours',
  });
}

async function replay(name: string, options: ReplayCommandOptions, output: Output): Promise<ExitCode> {
  const purpose = options.record === true ? 'write' : 'read';
  const { ledger, writer } = await openForCli(ledgerAddress(options.ledger), purpose);
  try {
    const what = options.all === true ? ({ kind: 'all' } as const) : await found(ledger, name);
    const window = windowOf(options, systemClock.now());
    const sealed = await readSealed(ledger);
    const { streams, leftOut } = await chosen(ledger, what, window, sealed);
    const services = { clock: systemClock, output, sealed };
    let hidden = 0;
    const totals = await replayStreams(ledger, streams, options.jobs, services, (stream) => {
      if (sealed.hasStream(stream.stream)) {
        hidden += 1;
        if (stream.verdict !== 'pass') tellSealed(stream, output);
        return;
      }
      const { kind, ...told } = stream;
      output.record({ type: kind, ...(told as unknown as JsonObject) });
      if (stream.verdict !== 'pass') output.text(explainReplay(stream));
      else if (kind === 'improvement')
        output.text(`${stream.stream}: all ${stream.decisions} decisions of the line come out as recorded.`);
    });
    const scope = scopeText(what, window);
    output.record({ type: 'replay', scope, ...totals, leftOut });
    output.text(replayLine(totals));
    if (hidden > 0)
      output.note(
        'Sealed runs on held-out items were replayed too; they are told of and counted only if they fail.',
      );
    if (leftOut > 0)
      output.text(`${leftOut} streams were left out: nothing in them was recorded in that time.`);
    if (options.record === true) {
      const { verdict, compared, diverged, inconclusive } = totals;
      const sums = { streams: totals.streams, compared, diverged, inconclusive };
      await recordReplay(ledger, { mode: 'replay', scope, verdict, ...sums }, writer);
    }
    return replayExitCode(totals);
  } finally {
    await ledger.close();
  }
}

/**
 * A window is laid over what may be seen only: when something was done on held-out items is not for telling either. Where there
 * is no window, sealed runs are replayed with all others.
 */
async function chosen(
  ledger: Ledger,
  what: ReplayWhat,
  window: TimeWindow,
  sealed: Sealed,
): Promise<ReplayScope> {
  const within = await replayScope(ledger, what, window);
  if ((window.sinceMs === null && window.untilMs === null) || sealed.runs === 0) return within;
  const isShown = (stream: StreamName): boolean => !sealed.hasStream(stream);
  const whole = await replayScope(ledger, what, { sinceMs: null, untilMs: null });
  const streams = within.streams.filter(isShown);
  return { streams, leftOut: whole.streams.filter(isShown).length - streams.length };
}

function tellSealed({ stream, verdict }: StreamReplay, output: Output): void {
  output.record({ type: 'sealed', stream, verdict });
  output.text(
    `${stream}: ${verdict}. It is sealed, so what differs is not shown; \`pawl gate unseal\` gives its items up and shows it.`,
  );
}

async function found(ledger: Ledger, name: string): Promise<ReplayWhat> {
  if (name.startsWith('improvement-')) return { kind: 'line', line: name as StreamName };
  const { kind, run, ...rest } = findRun(await readRuns(ledger), name);
  return 'episode' in rest ? { kind: 'episode', episode: rest.episode } : { kind: 'run', run };
}

function windowOf({ since, until }: ReplayCommandOptions, nowMs: number): TimeWindow {
  const sinceMs = since === undefined ? null : momentMs(since, nowMs);
  const untilMs = until === undefined ? null : momentMs(until, nowMs);
  if (sinceMs !== null && untilMs !== null && sinceMs > untilMs)
    throw new PawlError('USAGE', '--since is later than --until, so nothing can lie between them.');
  return { sinceMs, untilMs };
}

function scopeText(what: ReplayWhat, { sinceMs, untilMs }: TimeWindow): string {
  const name = nameOf(what);
  const since = sinceMs === null ? '' : ` since ${new Date(sinceMs).toISOString()}`;
  return `${name}${since}${untilMs === null ? '' : ` until ${new Date(untilMs).toISOString()}`}`;
}

function nameOf(what: ReplayWhat): string {
  switch (what.kind) {
    case 'all':
      return 'all';
    case 'run':
      return what.run;
    case 'episode':
      return what.episode;
    case 'line':
      return what.line;
  }
}

export function replayExitCode({ verdict }: Pick<ReplayTotals, 'verdict'>): ExitCode {
  if (verdict === 'pass') return exitCodes.ok;
  return verdict === 'diverged' ? exitCodes.replayDiverged : exitCodes.error;
}

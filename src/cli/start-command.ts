import { Command } from 'commander';
import type { StreamName } from '../kernel/brand.ts';
import { systemClock } from '../kernel/clock.ts';
import { replayScope } from '../loop/replay-scope.ts';
import {
  type CommonOptions,
  positiveInteger,
  withCommonOptions,
  withExamples,
  withJobs,
} from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { shortId } from './find-run.ts';
import { hint } from './hint.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { type Output, processOutput } from './output.ts';
import { replayExitCode } from './replay-command.ts';
import { explainReplay, replayLine } from './replay-story.ts';
import { replayStreams } from './replay-streams.ts';
import { runAndReport } from './run-command.ts';
import { verifyAndReport } from './verify-and-report.ts';

/** The dearest solution takes 15,264 steps; endless loops among the candidates should not make anybody wait. */
const maxSteps = 20_000;

interface StartOptions extends CommonOptions {
  readonly jobs: number;
  readonly seed: string;
  readonly candidates: number;
  readonly limit?: number;
}

/** The main job in one go: run, verify, replay. What `npm start` does. */
export function startCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('start')
    .summary('the main job: run all strategies on the starter suite, verify the ledger, replay the decisions')
    .description(
      'Runs three strategies over the starter suite with the same draws, verifies the ledger, and replays every decision.',
    )
    .option('--seed <text>', 'the same seed gives the same runs', '1')
    .option('--candidates <count>', 'candidates to generate per task', positiveInteger, 12)
    .option('--limit <count>', 'only the first so many tasks', positiveInteger)
    .action(async (options: StartOptions) => {
      finish(await start(options, processOutput(options.json === true)));
    });
  return withExamples(withJobs(withCommonOptions(command)), {
    'pawl start': 'all of it',
    'pawl start --limit 8 -j 1': 'a small part, with one worker',
  });
}

async function start(options: StartOptions, output: Output): Promise<ExitCode> {
  output.note(
    'Programs with bugs are repaired in a closed loop: generate, execute, score, feed back, again.',
  );
  output.note(
    'Three strategies get the same tasks and the same draws; each step is an event in the ledger.\n',
  );
  const strategy = ['best-of-n', 'unary-retry', 'sequential-feedback'];
  const { code, runs } = await runAndReport(
    { ...options, suite: 'starter', strategy, set: [], generator: 'repair', maxSteps },
    output,
  );
  if (code !== exitCodes.ok) return code;
  const { ledger } = await openForCli(ledgerAddress(options.ledger), 'read');
  try {
    const { ok: isSound } = await verifyAndReport(ledger, output);
    const streams: StreamName[] = [];
    for (const run of runs) {
      const scope = await replayScope(ledger, { kind: 'run', run }, { sinceMs: null, untilMs: null });
      streams.push(...scope.streams.filter((stream) => !streams.includes(stream)));
    }
    const services = { clock: systemClock, output };
    const totals = await replayStreams(ledger, streams, options.jobs, services, (stream) => {
      if (stream.verdict !== 'pass') output.text(explainReplay(stream));
    });
    output.record({ type: 'replay', ...totals });
    output.text(replayLine(totals));
    whatNext(runs, ledger.address, options, output);
    return isSound ? replayExitCode(totals) : exitCodes.integrity;
  } finally {
    await ledger.close();
  }
}

function whatNext(
  runs: readonly StreamName[],
  address: string,
  options: CommonOptions,
  output: Output,
): void {
  const [blind, , refined] = runs.map(shortId);
  const rows = [
    [hint(`show ${refined}`, options), 'every task of the last run'],
    [hint(`show ${refined}.0`, options), 'one episode as a story: candidate, diff, failure, feedback'],
    [hint(`compare ${refined} ${blind}`, options), 'what feedback was worth, task by task'],
    [hint(`replay ${refined}`, options), 're-derive every decision from the record'],
    ['npx pawl run --help', 'your own tasks, strategies and budgets'],
  ] as const;
  const width = Math.max(...rows.map(([command]) => command.length));
  output.text(`\nThe ledger is ${address}. Next:`);
  for (const [command, what] of rows) output.text(`  ${command.padEnd(width)}  ${what}`);
}

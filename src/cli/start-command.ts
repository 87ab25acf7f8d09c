import { Command } from 'commander';
import type { StreamName } from '../kernel/brand.ts';
import { systemClock } from '../kernel/clock.ts';
import { replayScope } from '../loop/replay-scope.ts';
import { type CommonOptions, positiveInteger, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { hint } from './hint.ts';
import { improveAndReport } from './improve-command.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { type Output, processOutput } from './output.ts';
import { replayExitCode } from './replay-command.ts';
import { explainReplay, replayLine } from './replay-story.ts';
import { replayStreams } from './replay-streams.ts';
import { type SandboxOptions, withSandboxOptions } from './sandbox-options.ts';
import { verifyAndReport } from './verify-and-report.ts';

/** The dearest solution takes 15,264 steps; endless loops among the candidates should not make anybody wait. */
const maxSteps = 20_000;
/** The line of improvement that the story is about. */
const lineName = 'start';
/** A generator that knows nothing of bugs: every kind of edit is as likely as any other, and their order is random. */
const plainGenerator = 'repair:{"blindSpread":1,"informedSpread":1,"priorWeight":0}';

interface StartOptions extends CommonOptions, SandboxOptions {
  readonly seed: string;
  readonly candidates: number;
  readonly proposals: number;
}

/** The main job in one go: improve under a gate, verify, replay and decide again. What `npm start` does. */
export function startCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('start')
    .summary(
      'the main job: improve a program repairer under a held-out gate, verify the ledger, decide everything again',
    )
    .description(
      'Lets a tuner improve the generator that repairs the starter suite, each change judged by the gate; then verifies the ledger and makes every decision again. Run again, it goes on from what was promoted.',
    )
    .option('--seed <text>', 'the same seed gives the same proposals', '1')
    .option('--proposals <count>', 'changes to be proposed', positiveInteger, 6)
    .option('--candidates <count>', 'candidates to generate per task', positiveInteger, 20)
    .action(async (options: StartOptions) => {
      finish(await start(options, processOutput(options.json === true)));
    });
  return withExamples(withSandboxOptions(withCommonOptions(command)), {
    'pawl start': 'all of it',
    'pawl start --proposals 2 --candidates 4 -j 1': 'a small part, with one worker',
  });
}

async function start(options: StartOptions, output: Output): Promise<ExitCode> {
  output.note(
    'A loop repairs programs: generate, execute, score, feed back, again. A second loop improves the first:',
  );
  output.note('it sorts the failures, changes one parameter or two of the generator, and asks the gate.');
  output.note(
    'The gate reads held-out tasks, tells nobody what it saw but promote or discard, and keeps account of that.\n',
  );
  const code = await improveAndReport(
    {
      ...options,
      ...{ line: lineName, proposer: ['tuner:generator'], proposalSeconds: 120, taxonomy: 'standard' },
      ...{ suite: 'starter', dev: 'select', heldout: 'heldout', sealed: 'final' },
      ...{ strategy: 'sequential-feedback', set: [], generator: plainGenerator, maxSteps },
    },
    output,
    [],
  );
  // Used-up held-out items are an honest end of the story, and the rest of it still holds.
  if (code !== exitCodes.ok && code !== 101) return code;
  output.text('');
  const { ledger } = await openForCli(ledgerAddress(options.ledger), 'read');
  try {
    const { ok: isSound } = await verifyAndReport(ledger, output);
    const line = `improvement-${lineName}` as StreamName;
    const { streams } = await replayScope(ledger, { kind: 'line', line }, { sinceMs: null, untilMs: null });
    const services = { clock: systemClock, output };
    const totals = await replayStreams(ledger, streams, options.jobs, services, (stream) => {
      if (stream.verdict !== 'pass') output.text(explainReplay(stream));
    });
    output.record({ type: 'replay', ...totals });
    output.text(replayLine(totals));
    whatNext(ledger.address, options, output);
    return isSound ? replayExitCode(totals) : exitCodes.integrity;
  } finally {
    await ledger.close();
  }
}

function whatNext(address: string, options: CommonOptions, output: Output): void {
  const rows = [
    [hint('show latest.0', options), 'one episode as a story: candidate, diff, failure, feedback'],
    [hint('gate show', options), 'the gate, its alpha ledger and every proposal'],
    [hint('gate plan', options), 'what the held-out tasks can still find'],
    [hint('champion get generator', options), 'what is certified now, for programs and CI'],
    [hint('gate final', options), 'the sealed tasks, once: baseline against what was certified'],
    ['npx pawl improve --help', 'your own tasks, gates and proposers'],
  ] as const;
  const width = Math.max(...rows.map(([command]) => command.length));
  output.text(`\nThe ledger is ${address}. Next:`);
  for (const [command, what] of rows) output.text(`  ${command.padEnd(width)}  ${what}`);
}

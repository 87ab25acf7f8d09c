import { Command, InvalidArgumentError } from 'commander';
import { languageSchema } from '../events/task-view.ts';
import { generatorNames } from '../generators/registry.ts';
import type { StreamName } from '../kernel/brand.ts';
import { systemClock } from '../kernel/clock.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { forkEpisode } from '../loop/fork-episode.ts';
import { forkRun } from '../loop/fork-run.ts';
import type { ForkServices } from '../loop/forked-run.ts';
import { refuseProtected } from '../loop/improve/protected-items.ts';
import { readRunState } from '../loop/run-state.ts';
import { scorerNamed } from '../scorers/registry.ts';
import { branchedFrom } from './branch-text.ts';
import {
  collect,
  positiveInteger,
  positiveOrNone,
  withCommonOptions,
  withExamples,
} from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type Found, findRun, shortId } from './find-run.ts';
import { forkLineFrom } from './fork-line-from.ts';
import { type ForkOptions, forkChanges } from './fork-options.ts';
import { forkReport } from './fork-report.ts';
import { hint } from './hint.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { openSandboxes } from './open-sandbox.ts';
import { type Output, processOutput } from './output.ts';
import { readRuns } from './read-projections.ts';
import { executeRuns, nothingBefore } from './run-session.ts';
import { withSandboxOptions } from './sandbox-options.ts';
import { listenForStop } from './stop-signals.ts';

export function forkCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('fork')
    .summary('branch an episode or a run, and go on from there in another way')
    .description(
      'Begins a new run that shares what an episode recorded up to a revision and decides anew from there. What is asked for as before is answered by the record; the rest is performed. A whole run is branched at the beginning of each of its episodes.',
    )
    .argument('<what>', 'an episode as RUN.INDEX or RUN:TASK, a run, or improvement-NAME')
    .option(
      '--at <revision>',
      'the last revision to share (default: the last one at which the search was open and the changes fit)',
      revision,
    )
    .option('--strategy <name>', 'go on with this strategy')
    .option('--set <parameter=value>', 'a parameter of the strategy (repeatable)', collect, [])
    .option('--generator <spec>', `go on with this generator: ${generatorNames.join(', ')}`)
    .option('--prompt <file>', 'go on with prompts from this template')
    .option('--no-prompt', 'go on with the built-in prompts')
    .option(
      '--candidates <count>',
      'candidates to generate per task, counted from the beginning',
      positiveInteger,
    )
    .option('--max-executions <count>', 'executions per task, or none', positiveOrNone)
    .option('--max-tokens <count>', 'model tokens per task, or none', positiveOrNone)
    .option('--max-steps <count>', 'steps of one execution against public tests, or none', positiveOrNone)
    .option('--max-wall <seconds>', 'wall time of the branch, or none', positiveOrNone)
    .option('--resample', 'draw other candidates: a new seed after the branching revision')
    .option('--line <name>', 'name of the branch, where a line of improvement is branched')
    .action(async (what: string, options: ForkOptions) => {
      const output = processOutput(options.json === true);
      const isLine = what.startsWith('improvement-');
      finish(
        await (isLine ? forkLineFrom(what as StreamName, options, output) : fork(what, options, output)),
      );
    });
  return withExamples(withSandboxOptions(withCommonOptions(command)), {
    'pawl fork 7XK2QD.3 --candidates 24': 'go on where it gave up, with twice the candidates',
    'pawl fork 7XK2QD.3 --at 12 --strategy best-of-n': 'another strategy from revision 12 on',
    'pawl fork 7XK2QD.3 --at 12 --resample': 'other draws from there on',
    'pawl fork improvement-main --at 40 --line other': 'another line of improvement from there on',
    'pawl fork 7XK2QD --set width=4': 'the whole run again, with one parameter changed',
  });
}

async function fork(what: string, options: ForkOptions, output: Output): Promise<ExitCode> {
  const sandboxes = await openSandboxes(options, output);
  const opened = await openForCli(ledgerAddress(options.ledger), 'write');
  const signals = listenForStop(output, systemClock);
  sandboxes.heed(signals.pause);
  try {
    const { ledger, ids, writer } = opened;
    const found = findRun(await readRuns(ledger), what);
    const parent = await readRunState(ledger, found.run);
    const tasks = parent.episodes
      .filter(({ episode }) => found.kind === 'run' || found.episode === episode)
      .map(({ task }) => task);
    await refuseProtected(ledger, parent.started.suite, tasks);
    const changes = await forkChanges(parent, options);
    const sandbox = await sandboxes.like(parent.started.sandbox);
    const scorer = scorerNamed(parent.started.scorer.name);
    const fingerprint: ForkServices['fingerprint'] = async (language) =>
      sandbox.fingerprint(languageSchema.parse(language));
    const services: ForkServices = { ledger, ids, writer, scorer, fingerprint };
    const run = await branch(found, options.at, changes, services, output);
    const session = { opened, sandboxes, signals, output, options, before: nothingBefore };
    const finished = await executeRuns([run], session);
    await forkReport(ledger, run, output);
    if (finished)
      output.note(`\nWhere the two differ, event by event: ${hint(`diff ${shortId(run)}`, options)}`);
    return finished ? exitCodes.ok : exitCodes.error;
  } finally {
    signals.dispose();
    await sandboxes.close();
    await opened.ledger.close();
  }
}

async function branch(
  found: Found,
  at: number | undefined,
  changes: Awaited<ReturnType<typeof forkChanges>>,
  services: ForkServices,
  output: Output,
): Promise<StreamName> {
  const say = (run: StreamName, stream: StreamName, revision: number): StreamName => {
    output.note(`${shortId(run)} branches ${branchedFrom({ stream, revision })}`);
    return run;
  };
  if (found.kind === 'run') {
    if (at !== undefined)
      throw new PawlError(
        'USAGE',
        '--at is for an episode, such as RUN.0; a run is branched at the beginning of each of its episodes.',
      );
    const { run, parent } = await forkRun({ run: found.run, ...changes }, services);
    return say(run, parent, -1);
  }
  const where = at === undefined ? {} : { at };
  const { run, parent, revision } = await forkEpisode(
    { episode: found.episode, ...where, ...changes },
    services,
  );
  return say(run, parent, revision);
}

function revision(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('It must be a revision: a whole number from 0 on.');
  return value;
}

import { hostname } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Fingerprint } from '../events/run.ts';
import { capabilitySchema } from '../events/work.ts';
import { systemClock } from '../kernel/clock.ts';
import { isPawlError, PawlError } from '../kernel/pawl-error.ts';
import { currentEnvironment } from '../loop/current-environment.ts';
import { readRunState } from '../loop/run-state.ts';
import { interpreterCapabilities } from '../loop/work/capabilities.ts';
import { work } from '../loop/work/worker.ts';
import { scorerNamed } from '../scorers/registry.ts';
import { type CommonOptions, collect, commaList, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { ledgerAddress, openUnsealed } from './open-for-cli.ts';
import { openSandboxes } from './open-sandbox.ts';
import { type Output, processOutput } from './output.ts';
import { createQueuedGenerator } from './queued-generator.ts';
import { type SandboxOptions, withSandboxOptions } from './sandbox-options.ts';
import { listenForStop } from './stop-signals.ts';
import { findQueuedRun, workDesk } from './work-desk.ts';
import { shortWorker, WorkerTelling } from './worker-telling.ts';

interface WorkerOptions extends CommonOptions, SandboxOptions {
  readonly only?: readonly string[];
  readonly can: readonly string[];
  readonly untilIdle?: boolean;
}

export function workerCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('worker')
    .summary('work on queued runs, beside any number of other workers')
    .description(
      'Takes episodes of queued runs and works on them until it is stopped: Ctrl-C (or SIGTERM) lets it finish what it has, twice gives that back at once. It can be killed at any time: others go on with what it had.',
    )
    .option('--only <runs>', 'take part in these queued runs alone, separated by commas', commaList)
    .addOption(
      new Option('--can <capability>', 'something it has, such as model:NAME (repeatable)')
        .argParser(capability)
        .default([], 'its interpreters'),
    )
    .option('--until-idle', 'end when nothing is left to be done, instead of waiting for more')
    .action(async (options: WorkerOptions) => {
      finish(await workAndReport(options, processOutput(options.json === true)));
    });
  return withExamples(withSandboxOptions(withCommonOptions(command)), {
    'pawl worker': 'until it is stopped',
    'pawl worker --until-idle -j 2': 'in a script: until the queue is worked off',
    'pawl worker --only 7XK2QD --can model:mine': 'one run, which asks a model that this machine can reach',
  });
}

function capability(text: string, previous: readonly string[]): readonly string[] {
  if (capabilitySchema.safeParse(text).success) return collect(text, previous);
  throw new InvalidArgumentError('It must be KIND:NAME, such as model:my-model.');
}

async function workAndReport(options: WorkerOptions, output: Output): Promise<ExitCode> {
  const { jobs } = options;
  const sandboxes = await openSandboxes(options, output);
  const opened = await openUnsealed(ledgerAddress(options.ledger), 'work');
  const signals = listenForStop(output, systemClock);
  sandboxes.heed(signals.pause);
  try {
    const { ledger, writer, ids } = opened;
    const desk = workDesk(opened);
    const queued = await desk.log.refresh();
    const only = options.only?.map((name) => findQueuedRun(queued, name)) ?? null;
    // Told to work on one run, it executes as that was begun.
    const [first] = only ?? [];
    const begun = first === undefined ? [] : (await readRunState(ledger, first)).started.sandbox;
    const sandbox = await sandboxes.like(begun);
    const interpreters = await fingerprints(sandbox, output);
    const capabilities = [...new Set([...interpreterCapabilities(interpreters), ...options.can])].sort();
    const worker = ids.next();
    // As in a run: twice as many episodes as sandbox workers, so that none of those waits for a generator.
    const slots = jobs * 2;
    const environment = currentEnvironment(interpreters);
    const telling = new WorkerTelling(output, systemClock, process.stderr);
    output.record({ type: 'worker', worker, slots, capabilities });
    output.note(`Worker ${shortWorker(worker)}: ${slots} slots, ${capabilities.join(', ')}`);
    const outcome = await work(
      {
        ...{ ledger, writer, clock: systemClock, queue: desk.queue, sandbox, only },
        identity: {
          ...{ worker, host: hostname(), process: process.pid, slots, capabilities },
          ...environment,
        },
        untilIdle: options.untilIdle === true,
        makeGenerator: createQueuedGenerator,
        scorerNamed,
        environment: currentEnvironment,
        onEvent: (event) => telling.onEvent(event),
        onNews: (news) => telling.onNews(news),
      },
      { drain: signals.pause, leave: signals.abort },
    );
    telling.end(outcome);
    return signals.abort.aborted ? exitCodes.error : exitCodes.ok;
  } finally {
    signals.dispose();
    await sandboxes.close();
    await opened.ledger.close();
  }
}

/** Of the languages that there are images for; a worker need not have all. */
async function fingerprints(sandbox: Sandbox, output: Output): Promise<readonly Fingerprint[]> {
  const found: Fingerprint[] = [];
  const missing: string[] = [];
  for (const language of sandbox.languages) {
    try {
      found.push(await sandbox.fingerprint(language));
    } catch (error) {
      if (!isPawlError(error, 'IMAGE_MISSING')) throw error;
      missing.push(`${language} is left out: ${error.message}`);
    }
  }
  for (const text of missing) output.note(text);
  if (found.length === 0)
    throw new PawlError(
      'IMAGE_MISSING',
      'There is no image for any language here. `pawl sandbox build` makes them.',
    );
  return found;
}

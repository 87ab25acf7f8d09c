import { Command } from 'commander';
import { systemClock } from '../kernel/clock.ts';
import { isPawlError } from '../kernel/pawl-error.ts';
import type { EnqueueServices } from '../loop/work/enqueue-run.ts';
import { type QueuedRunOverview, queueOverview, thoseWhoTake } from '../loop/work/queue-overview.ts';
import { type CommonOptions, withCommonOptions, withExamples } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { shortId } from './find-run.ts';
import { hint } from './hint.ts';
import { liveView } from './live-view.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { type Output, processOutput } from './output.ts';
import { listenForStop } from './stop-signals.ts';
import { table } from './table.ts';
import { workDesk } from './work-desk.ts';
import { shortWorker } from './worker-telling.ts';

interface ListOptions extends CommonOptions {
  readonly watch?: boolean;
}

export function queueListCommand(finish: (code: ExitCode) => void): Command {
  const command = new Command('list')
    .summary('the queued runs: what waits, is taken, has finished or is parked, and who works on it')
    .description('Lists the queued runs in the order in which they came.')
    .option('--watch', 'again and again, until Ctrl-C')
    .action(async (options: ListOptions) => {
      const output = processOutput(options.json === true);
      const opened = await openForCli(ledgerAddress(options.ledger), 'read');
      const signals = listenForStop(output, systemClock, null);
      try {
        const desk = workDesk(opened);
        const look = () => queueText(desk, options, output);
        if (options.watch === true) await liveView(look, process.stdout, output, systemClock, signals.pause);
        else output.text(await look());
        finish(exitCodes.ok);
      } finally {
        signals.dispose();
        await opened.ledger.close();
      }
    });
  return withExamples(withCommonOptions(command), {
    'pawl queue': 'what is queued',
    'pawl queue list --watch': 'the same, as it changes',
  });
}

async function queueText(
  { log, ledger, queue }: EnqueueServices,
  options: CommonOptions,
  output: Output,
): Promise<string> {
  const state = await log.refresh();
  const pulses = await queue.pulses();
  const runs: QueuedRunOverview[] = [];
  const unreadable: string[] = [];
  for (const queued of state.values()) {
    try {
      runs.push(await queueOverview(queued, ledger, queue, pulses));
    } catch (error) {
      // Anybody who may write can queue a name that no run has; that must not hide the others.
      if (!isPawlError(error, 'RUN_NOT_FOUND')) throw error;
      const { run } = queued;
      output.record({ type: 'queued-run', run, error: error.code });
      unreadable.push(
        `${shortId(run)} is queued, and is no run of this ledger: ${hint(`queue remove ${shortId(run)}`, options)}`,
      );
    }
  }
  for (const { queued, started, counts, workers, unmet } of runs) {
    const { run, needs, leaseMs, attemptsMax } = queued;
    const strategy = started.strategy.name;
    output.record({
      ...{ type: 'queued-run', run, strategy, suite: started.suiteName, ...counts },
      ...{ needs, unmet, workers, leaseMs, attemptsMax },
    });
  }
  if (state.size === 0) return `Nothing is queued. Queue something: ${hint('run --queue', options)}`;
  const rows = runs.map(({ queued, started, counts, workers, episodes }) => [
    ...[shortId(queued.run), started.strategy.name, episodes.length],
    ...[counts.waiting + counts.lost, counts.taken, counts.finished, counts.parked],
    workers.map(shortWorker).join(' '),
  ]);
  const head = ['run', 'strategy', 'episodes', 'waiting', 'taken', 'finished', 'parked', 'workers'];
  return [
    ...(rows.length === 0 ? [] : [table(head, rows)]),
    ...runs.flatMap((run) => remarks(run, thoseWhoTake(pulses).length, options)),
    ...unreadable,
  ].join('\n');
}

/** What the figures do not say: why nothing goes on. */
function remarks(
  { queued, counts, unmet }: QueuedRunOverview,
  workers: number,
  options: CommonOptions,
): readonly string[] {
  const name = shortId(queued.run);
  const found: string[] = [];
  if (counts.parked > 0)
    found.push(
      `${name} does not finish by itself: ${counts.parked} parked; ${hint(`queue show ${name}`, options)} says why.`,
    );
  if (unmet.length > 0 && counts.waiting + counts.lost > 0)
    found.push(
      workers === 0
        ? `${name} waits for a worker: ${hint('worker', options)}`
        : `${name} waits for a worker that has ${unmet.join(', ')}.`,
    );
  return found;
}

import type { StreamName } from '../kernel/brand.ts';
import { systemClock } from '../kernel/clock.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { refuseProtected } from '../loop/improve/protected-items.ts';
import { startRuns } from '../loop/start-runs.ts';
import { type EnqueueServices, enqueueRun } from '../loop/work/enqueue-run.ts';
import { thoseWhoTake, unmetByAll } from '../loop/work/queue-overview.ts';
import type { CommonOptions } from './common-options.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { shortId } from './find-run.ts';
import { hint } from './hint.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { openSandboxes } from './open-sandbox.ts';
import type { Output } from './output.ts';
import { planRuns, type RunOptions } from './plan-runs.ts';
import { type QueueOptions, termsOf } from './queue-options.ts';
import { readGeneratorFiles } from './queued-generator.ts';
import { listenForStop } from './stop-signals.ts';
import { printSummary } from './summary.ts';
import { waitForRuns } from './wait-for-runs.ts';
import { workDesk } from './work-desk.ts';

/**
 * What `run --queue` does: plan, write down, queue; and with `--wait`, sum up when workers have finished.
 *
 * @throws PawlError `USAGE` with a limit of wall time
 */
export async function queueAndReport(
  options: RunOptions & CommonOptions & QueueOptions & { readonly wait?: boolean },
  output: Output,
): Promise<{ readonly code: ExitCode; readonly runs: readonly StreamName[] }> {
  if (options.maxWall !== undefined) {
    throw new PawlError(
      'USAGE',
      'A limit of wall time (--max-wall) is for one process: with --queue, one clock over several machines would mean nothing. Limit candidates, executions or tokens instead.',
    );
  }
  // Only to say what executes; the workers have sandboxes of their own.
  const sandboxes = await openSandboxes({ ...options, jobs: 1 }, output);
  const signals = listenForStop(output, systemClock);
  sandboxes.heed(signals.pause);
  try {
    const plan = await planRuns(options, await sandboxes.asked());
    await sandboxes.close();
    const files = await readGeneratorFiles(plan.generatorSpec);
    const opened = await openForCli(ledgerAddress(options.ledger), 'create');
    try {
      const { ledger, ids, writer } = opened;
      await refuseProtected(ledger, plan.suite.digest, plan.taskIds);
      const { size } = await ledger.head();
      const runs = await startRuns(ledger, plan, ids, writer);
      const desk = workDesk(opened);
      for (const run of runs) {
        await enqueueRun(run, files, termsOf(options), desk, signals.abort);
        output.record({ type: 'queued', run, episodes: plan.taskIds.length });
        output.text(`Queued ${shortId(run)}: ${plan.taskIds.length} episodes, ledger ${ledger.address}`);
      }
      for (const run of runs) await warnOfNeeds(run, desk, options, output);
      if (options.wait !== true) return { code: exitCodes.ok, runs };
      const finished = await waitForRuns(runs, size, opened, output, signals.pause);
      await printSummary(ledger, runs, output);
      return { code: finished ? exitCodes.ok : exitCodes.error, runs };
    } finally {
      await opened.ledger.close();
    }
  } finally {
    signals.dispose();
    await sandboxes.close();
  }
}

/** A run that nobody can work on is no error: a worker may be started any time. */
export async function warnOfNeeds(
  run: StreamName,
  { log, queue }: EnqueueServices,
  options: CommonOptions,
  output: Output,
): Promise<void> {
  const needs = log.state.get(run)?.needs ?? [];
  const pulses = await queue.pulses();
  const unmet = unmetByAll(needs, pulses);
  if (unmet.length === 0) return;
  const start = hint(`worker${unmet.map(optionFor).join('')}`, options);
  output.note(
    thoseWhoTake(pulses).length === 0
      ? `No worker is there yet. Start one: ${start}`
      : `No worker that is there has ${unmet.join(', ')}, which ${shortId(run)} needs. Start one that has: ${start}`,
  );
}

/** What a worker is started with that has it; an image is named by whoever knows what it is called there. */
function optionFor(need: string): string {
  if (need.startsWith('model:')) return ` --can ${need}`;
  if (need.startsWith('isolation:')) return ` --isolation ${need.slice('isolation:'.length)}`;
  return need === 'sandbox:docker' ? ' --sandbox docker' : '';
}

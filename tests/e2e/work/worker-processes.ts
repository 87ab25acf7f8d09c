import { join } from 'node:path';
import { episodeProjection } from '../../../projections/episode.ts';
import { fold } from '../../../projections/projection.ts';
import { runProjection } from '../../../projections/run.ts';
import { runOutcomeDigest } from '../../../projections/run-outcome.ts';
import type { AnyRecordedEvent } from '../../../src/events/record.ts';
import type { StreamName } from '../../../src/kernel/brand.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { ulidSource } from '../../../src/kernel/id-source.ts';
import { openLedger } from '../../../src/ledger/open-ledger.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { jsonLines, pawl, startPawl, type UnderWay } from '../pawl.ts';

export type WorkerProcess = UnderWay & { readonly worker: () => string };

/** Starts `pawl worker --json` in a directory, and resolves when it is there. */
export async function startWorker(
  directory: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<WorkerProcess> {
  const process = startPawl(directory, ['worker', '-j', '1', '--json', ...args], environment);
  let stdout = '';
  process.child.stdout?.on('data', (text: string) => {
    stdout += text;
  });
  await process.said(/"type":"worker","worker"/);
  return { ...process, worker: () => /"worker":"([0-9A-Z]{26})"/.exec(stdout)?.[1] ?? '' };
}

/** Queues a run and gives its stream. */
export async function queueRun(directory: string, args: readonly string[]): Promise<StreamName> {
  const { exitCode, stdout, stderr } = await pawl(directory, ['run', '--queue', '--json', ...args]);
  const [queued] = jsonLines(stdout);
  if (exitCode !== 0 || queued === undefined) throw new Error(`nothing was queued: ${stderr}`);
  return queued['run'] as StreamName;
}

/** The ledger as a stranger finds it. */
export async function examine(directory: string, name = 'pawl.db') {
  const ids = ulidSource(systemClock, () => 0.5);
  const address = `sqlite:${join(directory, name)}`;
  const ledger = await openLedger(address, { mode: 'read', create: false, clock: systemClock, ids });
  try {
    const events = await Array.fromAsync(ledger.readAll());
    const runs = fold(runProjection, events);
    const episodes = fold(episodeProjection, events);
    return {
      events,
      problems: (await verifyLedger(ledger.store)).problems,
      status: (run: StreamName) => runs.runs[run]?.status,
      outcome: (run: StreamName) => runOutcomeDigest(runs, episodes, run),
      of: <Type extends AnyRecordedEvent['type']>(type: Type) =>
        events.filter((event): event is Extract<AnyRecordedEvent, { type: Type }> => event.type === type),
    };
  } finally {
    await ledger.close();
  }
}

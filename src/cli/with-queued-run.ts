import type { StreamName } from '../kernel/brand.ts';
import { systemClock } from '../kernel/clock.ts';
import type { EnqueueServices } from '../loop/work/enqueue-run.ts';
import type { CommonOptions } from './common-options.ts';
import { ledgerAddress, openForCli } from './open-for-cli.ts';
import { type Output, processOutput } from './output.ts';
import { listenForStop } from './stop-signals.ts';
import { findQueuedRun, workDesk } from './work-desk.ts';

/** What a command about one queued run works with. */
export interface QueuedRunDesk {
  readonly run: StreamName;
  readonly desk: EnqueueServices;
  readonly output: Output;
  /** Aborted by a second Ctrl-C. */
  readonly abort: AbortSignal;
}

/** Opens the ledger for writing, finds the run in its queue, and closes what it opened. */
export async function withQueuedRun(
  name: string,
  options: CommonOptions,
  act: (desk: QueuedRunDesk) => Promise<void>,
): Promise<void> {
  const output = processOutput(options.json === true);
  const opened = await openForCli(ledgerAddress(options.ledger), 'write');
  const signals = listenForStop(output, systemClock);
  try {
    const desk = workDesk(opened);
    const run = findQueuedRun(await desk.log.refresh(), name);
    await act({ run, desk, output, abort: signals.abort });
  } finally {
    signals.dispose();
    await opened.ledger.close();
  }
}

import type { Ledger } from '../../ledger/ledger.ts';
import type { WorkerPulse } from '../../ledger/work-queue.ts';
import type { RunData } from '../run-state.ts';
import { workerStream } from './work-streams.ts';

/** A worker as its last heartbeat and its own stream show it. */
export interface WorkerOverview {
  readonly pulse: WorkerPulse;
  /** Null where its stream does not say; nobody else writes it. */
  readonly started: RunData<'WorkerStarted'> | null;
  readonly stopped: RunData<'WorkerStopped'> | null;
}

/** @throws PawlError what the ledger throws */
export async function workerOverview(ledger: Ledger, pulse: WorkerPulse): Promise<WorkerOverview> {
  const stream = workerStream(pulse.worker);
  let started: WorkerOverview['started'] = null;
  for await (const event of ledger.readStream(stream)) {
    if (event.type === 'WorkerStarted') started = event.data;
    break;
  }
  let stopped: WorkerOverview['stopped'] = null;
  const last = await ledger.lastRevision(stream);
  for await (const event of ledger.readStream(stream, Math.max(0, last)))
    if (event.type === 'WorkerStopped') stopped = event.data;
  return { pulse, started, stopped };
}

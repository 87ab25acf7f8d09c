import type { Clock } from '../../src/kernel/clock.ts';
import { PawlError } from '../../src/kernel/pawl-error.ts';
import type { ExecutionRequest } from '../sandbox.ts';
import type { Outage } from './circuit-breaker.ts';

export interface ScheduleOptions {
  readonly clock: Clock;
  /** Executions at a time, of all runs together; as many as the driver has workers. */
  readonly underWayMax: number;
  /** Executions at a time of any one run; `underWayMax` where left out. */
  readonly underWayPerRunMax?: number;
  /** Memory that one execution is allowed to take on the machine, with all that belongs to it, bytes. */
  readonly claimBytes: (request: ExecutionRequest) => number;
  /** Memory that all executions may claim together, bytes; null: it is not counted. */
  readonly memoryBytesMax: number | null;
  /** This often others may start before an execution whose turn it is and that only lacks memory. 16 where left out. */
  readonly overtakenMax?: number;
  /** How long an engine that is away is waited for before what waits is rejected, milliseconds. */
  readonly patienceMs: number;
  /** Between two trials of an engine that is away, milliseconds: the first pause (250) and the longest (15,000). */
  readonly firstDelayMs?: number;
  readonly delayMsMax?: number;
  /** An execution is made again this often when the engine goes away under it, before that is its end. 5 where left out. */
  readonly repeatsMax?: number;
  /** Told once when everything begins to wait for the engine, and once when it goes on; for people, never for decisions. */
  readonly onWait?: (outage: Outage) => void;
  readonly onResume?: (outage: Outage) => void;
}

/** @throws PawlError `SANDBOX_SETTINGS` */
export function checkedOptions(options: ScheduleOptions): Required<ScheduleOptions> {
  const { underWayMax, memoryBytesMax, patienceMs } = options;
  const checked = {
    underWayPerRunMax: underWayMax,
    overtakenMax: 16,
    firstDelayMs: 250,
    delayMsMax: 15_000,
    repeatsMax: 5,
    onWait: () => undefined,
    onResume: () => undefined,
    ...options,
  };
  const { underWayPerRunMax, overtakenMax, firstDelayMs, delayMsMax, repeatsMax } = checked;
  atLeast(1, { underWayMax, underWayPerRunMax, firstDelayMs, delayMsMax });
  atLeast(0, { patienceMs, overtakenMax, repeatsMax });
  if (memoryBytesMax !== null) atLeast(1, { memoryBytesMax });
  return checked;
}

function atLeast(least: number, settings: Readonly<Record<string, number>>): void {
  for (const [setting, value] of Object.entries(settings)) {
    if (Number.isSafeInteger(value) && value >= least) continue;
    const message = `${setting} has to be a whole number of at least ${least}, not ${value}.`;
    throw new PawlError('SANDBOX_SETTINGS', message, { context: { setting } });
  }
}

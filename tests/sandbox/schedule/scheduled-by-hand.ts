import type { Outage } from '../../../sandbox/schedule/circuit-breaker.ts';
import type { ScheduleOptions } from '../../../sandbox/schedule/schedule-options.ts';
import { createScheduledSandbox } from '../../../sandbox/schedule/scheduled-sandbox.ts';
import { PawlError } from '../../../src/kernel/pawl-error.ts';
import { casesOf, requestOf } from '../execution-request.ts';
import { ManualClock } from './manual-clock.ts';
import { ManualSandbox } from './manual-sandbox.ts';

export const mebi = 2 ** 20;
/** A request that is called by its program, and how much memory it claims. */
export const requested = (program: string, memoryBytes = mebi) =>
  requestOf('javascript', program, casesOf(), { limits: { memoryBytes } });
/** A scheduled driver in the hands of a test, and what it was told and came to. */
export function scheduled(options: Partial<ScheduleOptions> = {}) {
  const driver = new ManualSandbox();
  const clock = new ManualClock();
  const told: string[] = [];
  const sandbox = createScheduledSandbox(driver, {
    clock,
    underWayMax: 2,
    claimBytes: ({ limits }) => limits.memoryBytes,
    memoryBytesMax: 10 * mebi,
    patienceMs: 60_000,
    onWait: ({ since, reason }: Outage) => told.push(`waits since ${since}: ${reason.code}`),
    onResume: ({ since }: Outage) => told.push(`goes on, away since ${since}`),
    ...options,
  });
  /** How each execution ended, by its program. */
  const ended: Record<string, string> = {};
  const execute = (
    program: string,
    in_ = sandbox.forRun('run'),
    signal?: AbortSignal,
    memoryBytes = mebi,
  ) => {
    in_.execute(requested(program, memoryBytes), signal).then(
      ({ result }) => {
        ended[program] = result.outcome;
      },
      (error) => {
        ended[program] = error instanceof PawlError ? error.code : String(error);
      },
    );
  };
  return { driver, clock, told, sandbox, ended, execute };
}

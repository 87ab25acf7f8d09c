import type { Clock } from '../../kernel/clock.ts';
import { isAway } from './ledger-away.ts';

const firstDelayMs = 100;
const delayMsMax = 5000;

export interface Patience {
  readonly clock: Clock;
  /** Aborted: the last failure is thrown instead of trying again. */
  readonly signal: AbortSignal;
  /** Told once per wait, with what went wrong. */
  readonly onAway: (error: Error) => void;
}

/**
 * Tries again, later each time, for as long as the ledger is away: what was taken must be given back, and a worker that outlives
 * its server must not count that against anybody's work. What is tried has to be harmless when it is done twice.
 *
 * @throws what `act` throws, where waiting does not help or the signal is aborted
 */
export async function patiently<Result>(
  act: () => Promise<Result>,
  { clock, signal, onAway }: Patience,
): Promise<Result> {
  for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 2, delayMsMax)) {
    try {
      return await act();
    } catch (error) {
      if (!isAway(error) || signal.aborted) throw error;
      if (delayMs === firstDelayMs) onAway(error);
      await clock.sleep(delayMs, signal).catch(() => {
        throw error;
      });
    }
  }
}

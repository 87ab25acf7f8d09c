import type { Clock } from '../kernel/clock.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import type { RunSignals } from '../loop/execute-run.ts';
import type { Output } from './output.ts';

export const stoppingText = 'Stopping: finishing what is under way. Press Ctrl-C again to stop at once.';

/**
 * One Ctrl-C may arrive twice: the terminal signals the whole process group, and npm, npx and `timeout` pass on what they got.
 * Nobody presses twice in so short a time and means it.
 */
const samePressMs = 300;

/**
 * Turns Ctrl-C into the loop's two signals: the first finishes what is under way and records it, the second drops it.
 * Either way the run can be resumed. A third ends the process as if nobody listened.
 *
 * @param saying what is said at the first; null where stopping is all that anybody expects
 */
export function listenForStop(
  output: Output,
  clock: Clock,
  saying: string | null = stoppingText,
): RunSignals & { readonly dispose: () => void } {
  const pause = new AbortController();
  const abort = new AbortController();
  let pressedMs = Number.NEGATIVE_INFINITY;
  const stop = (signal: NodeJS.Signals): void => {
    const now = clock.monotonic();
    if (now - pressedMs < samePressMs) return;
    pressedMs = now;
    if (!pause.signal.aborted) {
      if (saying !== null) output.note(`\n${saying}`);
      pause.abort();
    } else if (!abort.signal.aborted) {
      output.note('Stopping at once.');
      abort.abort(
        new PawlError(
          'INTERRUPTED',
          'Stopped at once. `pawl resume` goes on where it was; a line of improvement goes on with `pawl improve`.',
        ),
      );
    } else {
      dispose();
      process.kill(process.pid, signal);
    }
  };
  const dispose = (): void => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return { pause: pause.signal, abort: abort.signal, dispose };
}

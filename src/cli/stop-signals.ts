import { PawlError } from '../kernel/pawl-error.ts';
import type { RunSignals } from '../loop/execute-run.ts';
import type { Output } from './output.ts';

/**
 * Turns Ctrl-C into the loop's two signals: the first finishes what is under way and records it, the second drops it.
 * Either way the run can be resumed.
 */
export function listenForStop(output: Output): RunSignals & { readonly dispose: () => void } {
  const pause = new AbortController();
  const abort = new AbortController();
  const stop = (): void => {
    if (!pause.signal.aborted) {
      output.note('\nStopping: finishing what is under way. Press Ctrl-C again to stop at once.');
      pause.abort();
      return;
    }
    abort.abort(new PawlError('INTERRUPTED', 'Stopped at once. `pawl resume` goes on where it was.'));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    pause: pause.signal,
    abort: abort.signal,
    dispose: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}

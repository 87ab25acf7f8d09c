import { PawlError } from '../../src/kernel/pawl-error.ts';

/** How long whoever is told to stop still waits for what the engine has been asked for, milliseconds. */
const graceMs = 3_000;

/** Aborted a moment after `stop`, with the error of an engine that did not do its part meanwhile. */
export function lateAfter(stop: AbortSignal): AbortSignal {
  const late = new AbortController();
  const begin = (): void => {
    setTimeout(() => {
      const message = 'The container engine had given no container yet when the work was told to stop.';
      late.abort(new PawlError('ENGINE_UNREACHABLE', message));
    }, graceMs).unref();
  };
  if (stop.aborted) begin();
  else stop.addEventListener('abort', begin, { once: true });
  return late.signal;
}

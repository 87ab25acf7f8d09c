import { setTimeout as pause } from 'node:timers/promises';
import { isPawlError } from '../../../src/kernel/pawl-error.ts';
import type { Engine } from '../engine/engine.ts';
import { hasStatus } from './running-container.ts';

export interface Removal {
  /** How long an engine that is away or refuses is asked again, milliseconds. */
  readonly patienceMs: number;
  /** Ends the asking. */
  readonly signal?: AbortSignal;
}

const deadlineMs = 60_000;
const pauseMsMax = 5_000;

/**
 * Kills and removes a container with its volumes, and resolves when it is gone. While the engine is away, or cannot do it,
 * it is asked again.
 *
 * @param which ID or name
 * @returns false when there was none
 * @throws PawlError the last failure, after the patience has run out
 */
export async function removeContainer(engine: Engine, which: string, removal: Removal): Promise<boolean> {
  const endMs = performance.now() + removal.patienceMs;
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, pauseMsMax)) {
    try {
      await engine.request({
        ...{ method: 'DELETE', path: `/containers/${which}`, deadlineMs },
        query: { force: 'true', v: 'true' },
        ...{ purpose: 'remove a container', askedFor: 'container' },
        ...(removal.signal ? { signal: removal.signal } : {}),
      });
      return true;
    } catch (error) {
      if (hasStatus(error, 404)) return false;
      // Everything else may pass: somebody else removes it at the same time (409), the engine is away or busy.
      if (!isPawlError(error) || performance.now() + pauseMs > endMs) throw error;
    }
    await pause(pauseMs, undefined, removal.signal ? { signal: removal.signal } : {});
  }
}

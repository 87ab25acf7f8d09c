import type { EpisodeEvent } from '../events/episode.ts';
import type { RecordedError } from '../events/shapes.ts';
import { isPawlError, messageOf } from '../kernel/pawl-error.ts';
import { cutText } from './cut-text.ts';
import type { EffectContext, Elapsed } from './effect-context.ts';
import type { EpisodeState, PendingEffect } from './episode-state.ts';
import { isMachineFault } from './machine-fault.ts';
import { prepareExecution } from './perform-execution.ts';
import { prepareGeneration } from './perform-generation.ts';

/** An effect is tried this often before its failure is final. */
export const attemptsMax = 3;
const firstDelayMs = 400;

/**
 * Performs one pending effect and gives the event that records its outcome. Failures of the generator and the sandbox
 * become events too. It rejects on an abort (the operator stopped the run), when the ledger cannot be read, and with a fault of
 * the machine that trying again has not helped or cannot help: each time the request stays open for a later resume.
 */
export async function performEffect(
  effect: PendingEffect,
  state: EpisodeState,
  context: EffectContext,
  signal: AbortSignal,
): Promise<EpisodeEvent> {
  const { clock } = context;
  const { key } = effect.request;
  // Outside of what is caught: a blob that cannot be read is no failure of whoever was going to be shown it.
  const perform =
    effect.kind === 'generation'
      ? await prepareGeneration(effect.request, state, context)
      : await prepareExecution(effect.request, state, context);
  const startMs = clock.monotonic();
  const elapsed: Elapsed = () => ({
    wallMs: Math.max(0, Math.round((clock.monotonic() - startMs) * 1000) / 1000),
  });
  try {
    // Longer before every further attempt, so that a service in trouble is left alone for a while.
    if (key.attempt > 0) await clock.sleep(firstDelayMs * 2 ** (key.attempt - 1), signal);
    return await perform(signal, elapsed);
  } catch (error) {
    signal.throwIfAborted();
    const recorded = recordedError(error);
    const final = !recorded.retryable || key.attempt + 1 >= attemptsMax;
    if (effect.kind === 'generation') {
      return { type: 'GenerationFailed', data: { key, error: recorded, final, volatile: elapsed() } };
    }
    // Final, it would be an end that the candidate came to.
    if (final && isMachineFault(error)) throw error;
    const { candidate, tests } = effect.request;
    return {
      type: 'ExecutionFailed',
      data: { key, candidate, tests, error: recorded, final, volatile: elapsed() },
    };
  }
}

function recordedError(error: unknown): RecordedError {
  const message = cutText(messageOf(error), 4000);
  if (isPawlError(error)) return { code: error.code, message, retryable: error.entry.retryable };
  return { code: 'INTERNAL', message, retryable: false };
}

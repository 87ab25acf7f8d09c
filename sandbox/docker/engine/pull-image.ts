import { isPawlError } from '../../../src/kernel/pawl-error.ts';
import type { Engine } from './engine.ts';
import { imageFailure } from './image-failure.ts';
import { type EngineProgress, ProgressError, readProgress } from './read-progress.ts';
import { type ResolvedImage, requireImage } from './resolve-image.ts';

const beginMsMax = 5 * 60_000;

/**
 * Has the engine fetch an image from its registry. Credentials are the engine's: what needs a login is pulled with the engine's
 * own command.
 *
 * @param reference `name@sha256:…` or `name:tag`
 * @throws PawlError `IMAGE_DENIED`, `IMAGE_MISSING`, `ENGINE_DISK_FULL`, `SANDBOX_FAILED` when the registry cannot be reached,
 * other errors of the engine; the signal's reason
 */
export async function pullImage(
  engine: Engine,
  reference: string,
  onProgress: (progress: EngineProgress) => void,
  signal: AbortSignal,
): Promise<ResolvedImage> {
  try {
    const stream = await engine.stream({
      ...{ method: 'POST', path: '/images/create', query: { fromImage: reference } },
      ...{ deadlineMs: beginMsMax, signal, purpose: `pull ${reference}`, askedFor: 'image' },
    });
    await readProgress(stream, onProgress, signal);
  } catch (error) {
    signal.throwIfAborted();
    const isAnswer = error instanceof ProgressError || (isPawlError(error) && 'status' in error.context);
    throw isAnswer ? imageFailure(reference, 'could not be pulled', error, 'SANDBOX_FAILED') : error;
  }
  return requireImage(engine, reference, signal);
}

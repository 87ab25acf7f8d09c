import { PawlError } from '../../../src/kernel/pawl-error.ts';
import type { Engine } from './engine.ts';
import { type EngineProgress, ProgressError, readProgress } from './read-progress.ts';
import { type ResolvedImage, requireImage } from './resolve-image.ts';
import { tarOf } from './tar-of.ts';

export interface ImageToBuild {
  readonly dockerfile: string;
  /** Name and tag that it gets. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

const beginMsMax = 10 * 60_000;

/**
 * Builds an image from a Dockerfile alone: nothing else of this machine is sent to the engine.
 *
 * @throws PawlError `IMAGE_UNUSABLE` when a step fails, errors of the engine; the signal's reason
 */
export async function buildImage(
  engine: Engine,
  { dockerfile, name, labels }: ImageToBuild,
  onProgress: (progress: EngineProgress) => void,
  signal: AbortSignal,
): Promise<ResolvedImage> {
  const stream = await engine.stream({
    ...{ method: 'POST', path: '/build', deadlineMs: beginMsMax, signal },
    query: { t: name, labels: JSON.stringify(labels), rm: '1', forcerm: '1' },
    ...{ archive: tarOf({ Dockerfile: dockerfile }), purpose: `build ${name}`, askedFor: 'engine' },
  });
  try {
    await readProgress(stream, onProgress, signal);
  } catch (error) {
    if (!(error instanceof ProgressError)) throw error;
    if (/no space left on device/i.test(error.message)) throw failed('ENGINE_DISK_FULL', name, error);
    throw failed('IMAGE_UNUSABLE', name, error);
  }
  return requireImage(engine, name, signal);
}

function failed(code: 'ENGINE_DISK_FULL' | 'IMAGE_UNUSABLE', name: string, cause: Error): PawlError {
  const message = `The image ${name} could not be built: ${cause.message.trim()}`;
  return new PawlError(code, message, { context: { image: name }, cause });
}

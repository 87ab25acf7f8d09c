import type { Engine } from './engine.ts';
import { imageFailure } from './image-failure.ts';
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
 * @throws PawlError `IMAGE_UNUSABLE` when a step fails, `IMAGE_DENIED`, `IMAGE_MISSING`, `SANDBOX_FAILED` for its base image,
 * errors of the engine; the signal's reason
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
    throw imageFailure(name, 'could not be built', error, 'IMAGE_UNUSABLE');
  }
  return requireImage(engine, name, signal);
}

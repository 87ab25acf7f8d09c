import { z } from 'zod';
import { isPawlError, PawlError } from '../../../src/kernel/pawl-error.ts';
import type { Engine } from './engine.ts';
import { understood } from './understood.ts';

/** An image that the engine has. Containers are made of the ID, so that a moved tag changes nothing in the middle of a run. */
export interface ResolvedImage {
  readonly reference: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly id: string;
  /** `name@sha256:…` for every registry it came from or went to; empty for one that was only built or imported here. */
  readonly repoDigests: readonly string[];
  readonly architecture: string;
  /** Directories for which the image asks for a volume. */
  readonly volumes: readonly string[];
}

const imageSchema = z.object({
  Id: z.string().min(1),
  RepoDigests: z.array(z.string()).nullish(),
  Architecture: z.string().default(''),
  Config: z.object({ Volumes: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});

const referenceForm = /^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,499}$/;
const deadlineMs = 20_000;

/**
 * @returns null when the engine does not have it
 * @throws PawlError `SANDBOX_SETTINGS` for what cannot be a reference, and errors of the engine
 */
export async function resolveImage(
  engine: Engine,
  reference: string,
  signal?: AbortSignal,
): Promise<ResolvedImage | null> {
  if (!referenceForm.test(reference) || reference.includes('..') || reference.includes('//')) {
    throw new PawlError('SANDBOX_SETTINGS', `${JSON.stringify(reference)} cannot be the name of an image.`);
  }
  try {
    const json = await engine.request({
      ...{ method: 'GET', path: `/images/${reference}/json`, deadlineMs },
      ...{ purpose: `look up the image ${reference}`, askedFor: 'image', ...(signal ? { signal } : {}) },
    });
    const image = understood(engine, `the image ${reference}`, imageSchema, json);
    return {
      reference,
      // Podman leaves the name of the hash away.
      id: image.Id.startsWith('sha256:') ? image.Id : `sha256:${image.Id}`,
      repoDigests: (image.RepoDigests ?? []).toSorted(),
      architecture: image.Architecture,
      volumes: Object.keys(image.Config?.Volumes ?? {}).sort(),
    };
  } catch (error) {
    if (isPawlError(error, 'IMAGE_MISSING')) return null;
    throw error;
  }
}

/** @throws PawlError `IMAGE_MISSING` when the engine does not have it */
export async function requireImage(
  engine: Engine,
  reference: string,
  signal?: AbortSignal,
): Promise<ResolvedImage> {
  const image = await resolveImage(engine, reference, signal);
  if (image !== null) return image;
  throw new PawlError(
    'IMAGE_MISSING',
    `The engine at ${engine.at} does not have the image ${reference}. ` +
      'Build it with `pawl sandbox build`, or fetch it with `pawl sandbox pull`.',
    { context: { image: reference, engine: engine.at } },
  );
}

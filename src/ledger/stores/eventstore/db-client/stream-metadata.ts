import type { StreamMetadata } from '../log-client.ts';

/**
 * What a `$$` event says about keeping and dropping events. What it holds is read as far as it is understood; what cannot be read
 * at all sets nothing.
 */
export function toMetadata(data: Uint8Array): StreamMetadata {
  let given: unknown;
  try {
    given = JSON.parse(Buffer.from(data).toString('utf8'));
  } catch {
    given = null;
  }
  const field = (name: string): number | null => {
    const value =
      typeof given === 'object' && given !== null ? (given as Record<string, unknown>)[name] : null;
    return typeof value === 'number' ? value : null;
  };
  return { maxCount: field('$maxCount'), maxAgeSeconds: field('$maxAge'), truncateBefore: field('$tb') };
}

/** As the library's `setStreamMetadata` takes it. */
export function fromMetadata(metadata: StreamMetadata): Record<string, number> {
  const { maxCount, maxAgeSeconds, truncateBefore } = metadata;
  return {
    ...(maxCount === null ? {} : { maxCount }),
    ...(maxAgeSeconds === null ? {} : { maxAge: maxAgeSeconds }),
    ...(truncateBefore === null ? {} : { truncateBefore }),
  };
}

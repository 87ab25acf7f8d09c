import type { SizeLimits } from './context.ts';

const MEBIBYTE = 1024 * 1024;

export type LimitsName = 'classic' | 'modern';

/** Limits as servers had them by default up to 25.0, and since. */
export const LIMITS: Readonly<Record<LimitsName, SizeLimits>> = {
  classic: { appendBytesMax: MEBIBYTE, eventBytesMax: 16 * MEBIBYTE },
  modern: { appendBytesMax: 256 * MEBIBYTE, eventBytesMax: 16 * MEBIBYTE },
};

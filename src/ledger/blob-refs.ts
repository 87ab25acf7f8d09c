import type { BlobRef } from '../events/shapes.ts';
import type { Digest } from '../kernel/brand.ts';

const digestPattern = /^[0-9a-f]{64}$/;

/** Every reference to a blob in an event's data, however deep: an object of exactly `digest` and `bytes`. */
export function blobRefsOf(data: unknown): BlobRef[] {
  const found: BlobRef[] = [];
  walk(data, found);
  return found;
}

function walk(value: unknown, found: BlobRef[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) walk(item, found);
    return;
  }
  const { digest, bytes } = value as { readonly digest?: unknown; readonly bytes?: unknown };
  if (
    typeof digest === 'string' &&
    typeof bytes === 'number' &&
    digestPattern.test(digest) &&
    Object.keys(value).length === 2
  ) {
    found.push({ digest: digest as Digest, bytes });
    return;
  }
  for (const member of Object.values(value)) walk(member, found);
}

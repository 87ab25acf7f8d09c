import type { Digest } from '../kernel/brand.ts';
import { PawlError } from '../kernel/pawl-error.ts';
import { readErasures } from '../ledger/erasures.ts';
import type { Ledger } from '../ledger/ledger.ts';

const shortest = 6;

/**
 * The blob that a person means by a digest or its beginning; also one that was erased, so that an erasure can be repeated.
 *
 * @throws PawlError `USAGE`, `BLOB_NOT_FOUND`
 */
export async function findBlob(ledger: Ledger, text: string): Promise<Digest> {
  const wanted = text.toLowerCase();
  if (!/^[0-9a-f]+$/.test(wanted) || wanted.length < shortest || wanted.length > 64) {
    throw new PawlError(
      'USAGE',
      `"${text}" is no digest; it takes ${shortest} to 64 hexadecimal digits. \`--containing TEXT\` finds blobs by what is in them.`,
    );
  }
  if (wanted.length === 64) return wanted as Digest;
  const fitting = new Set<Digest>();
  for await (const digest of ledger.store.blobDigests()) if (digest.startsWith(wanted)) fitting.add(digest);
  for (const digest of (await readErasures(ledger)).keys())
    if (digest.startsWith(wanted)) fitting.add(digest);
  const [only] = fitting;
  if (only === undefined) {
    throw new PawlError('BLOB_NOT_FOUND', `No blob of the ledger has a digest that begins with ${wanted}.`, {
      context: { wanted },
    });
  }
  if (fitting.size > 1) {
    throw new PawlError('USAGE', `${wanted} is the beginning of ${fitting.size} digests; give more of it.`);
  }
  return only;
}

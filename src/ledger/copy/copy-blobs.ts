import type { Digest } from '../../kernel/brand.ts';
import { isPawlError, PawlError } from '../../kernel/pawl-error.ts';
import type { NewBlob } from '../event-store.ts';
import type { CopyWork } from './copy-work.ts';

/** At most so many times `bytesPerPut` and one blob more are in memory. */
const putsAtOnce = 32;
const bytesPerPut = 256 * 1024;
const blobsPerPut = 64;

/**
 * Stores in the target every blob that the source has and the target has not, each once; those that are to be erased are left
 * out.
 *
 * @throws PawlError `BLOB_CORRUPT` unless that is allowed, and those of the stores
 */
export async function copyBlobs(work: CopyWork): Promise<void> {
  const digests = digestsToCopy(work);
  let failed = false;
  const copyInTurn = async (): Promise<void> => {
    let batch: NewBlob[] = [];
    let bytes = 0;
    const put = async (): Promise<void> => {
      const putting = batch;
      batch = [];
      bytes = 0;
      await putBlobs(work, putting);
    };
    try {
      for (;;) {
        const next = await digests.next();
        if (next.done === true || failed || work.signal.aborted) break;
        const blob = await readBlob(work, next.value);
        if (blob === null) continue;
        batch.push(blob);
        bytes += blob.bytes.length;
        if (bytes >= bytesPerPut || batch.length >= blobsPerPut) await put();
      }
      if (!failed && batch.length > 0) await put();
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const settled = await Promise.allSettled(Array.from({ length: putsAtOnce }, copyInTurn));
  await digests.return(undefined);
  for (const one of settled) if (one.status === 'rejected') throw one.reason;
}

/**
 * What the source has, the target has not, and is not to be erased; what the target has gets known. Both list their blobs in
 * digest order, so that comparing them takes no memory.
 */
export async function* digestsToCopy({
  source,
  target,
  known,
  erasures,
}: Pick<CopyWork, 'source' | 'target' | 'known' | 'erasures'>): AsyncGenerator<Digest, undefined> {
  const theirs = target.blobDigests()[Symbol.asyncIterator]();
  let there = await theirs.next();
  try {
    for await (const digest of source.blobDigests()) {
      while (there.done !== true && there.value < digest) {
        known.add(there.value);
        there = await theirs.next();
      }
      const isThere = there.done !== true && there.value === digest;
      if (!isThere && !erasures.has(digest)) yield digest;
    }
    for (; there.done !== true; there = await theirs.next()) known.add(there.value);
  } finally {
    await theirs.return?.();
  }
  return undefined;
}

/** Null for one that is erased meanwhile, or damaged where that is allowed: whether a record misses it is seen later. */
async function readBlob(
  { source, missing, allowsMissingBlobs }: CopyWork,
  digest: Digest,
): Promise<NewBlob | null> {
  try {
    return { digest, bytes: await source.getBlob(digest) };
  } catch (error) {
    if (isPawlError(error, 'BLOB_ERASED')) return null;
    if (!isPawlError(error, 'BLOB_CORRUPT')) throw error;
    if (!allowsMissingBlobs) throw damaged(source.address, digest, error);
    missing.add(digest);
    return null;
  }
}

async function putBlobs({ target, known, counts, onProgress }: CopyWork, blobs: readonly NewBlob[]) {
  await target.putBlobs(blobs);
  for (const { digest, bytes } of blobs) {
    known.add(digest);
    counts.blobs += 1;
    counts.blobBytes += bytes.length;
  }
  onProgress(counts);
}

/**
 * That the target has a blob that a record refers to, or that it rightly has not, before the record is appended.
 *
 * @throws PawlError `BLOB_NOT_FOUND` unless that is allowed, and those of the stores
 */
export async function ensureBlob(work: CopyWork, digest: Digest, position: number): Promise<void> {
  const { source, known, missing, erasures, allowsMissingBlobs } = work;
  if (known.has(digest) || erasures.has(digest) || missing.has(digest)) return;
  const { kind } = await source.blobStanding(digest);
  const blob = kind === 'stored' ? await readBlob(work, digest) : null;
  if (blob !== null) return putBlobs(work, [blob]);
  if (allowsMissingBlobs) {
    missing.add(digest);
    return;
  }
  const why = kind === 'missing' ? 'is not there' : 'was erased, and no event said so when the copy began';
  throw new PawlError(
    'BLOB_NOT_FOUND',
    `The blob ${digest}, to which record ${position} of ${source.address} refers, ${why}. Nothing from there on was copied. Copy again, in case it was being erased; \`pawl verify\` says more of the ledger, and with --allow-missing-blobs the copy lacks what the original lacks.`,
    { context: { digest, position, address: source.address } },
  );
}

function damaged(address: string, digest: Digest, cause: unknown): PawlError {
  return new PawlError(
    'BLOB_CORRUPT',
    `The bytes of blob ${digest} in ${address} do not hash to its digest. Nothing that refers to it was copied; with --allow-missing-blobs the copy is made without it.`,
    { context: { digest, address }, cause },
  );
}

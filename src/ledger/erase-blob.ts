import type { Digest } from '../kernel/brand.ts';
import { auditStreams } from './audit/audit-streams.ts';
import { type ErasureRecord, readErasures } from './erasures.ts';
import type { Ledger, WriterContext } from './ledger.ts';
import { blobNotFound } from './stores/store-errors.ts';

/** What came of erasing one blob. */
export interface Erasure {
  readonly digest: Digest;
  /** Raw bytes that there were. */
  readonly bytes: number;
  /** True when it was written down before; what a crash may have left of it is finished all the same. */
  readonly repeated: boolean;
  /** As it stands in the ledger: of a repetition the first one's. */
  readonly reason: string;
  readonly revision: number;
}

/**
 * Writes down who erases a blob and why, and then erases it: a crash in between leaves an erasure that is announced and not
 * done, and the next call finishes it. Never the other way round, so that no bytes go missing without a word.
 *
 * @param erasures those written down so far, where somebody who erases many blobs has read them already
 * @throws PawlError `BLOB_NOT_FOUND`, `INVALID_EVENT` for an empty or overlong reason, `LEDGER_BUSY` when the bytes still stand
 * in the log because of a reader, and those of `Ledger.append`
 */
export async function eraseBlob(
  ledger: Ledger,
  digest: Digest,
  reason: string,
  writer: WriterContext,
  erasures?: ReadonlyMap<Digest, ErasureRecord>,
): Promise<Erasure> {
  const standing = await ledger.store.blobStanding(digest);
  if (standing.kind === 'missing') throw blobNotFound(digest);
  const { bytes } = standing;
  const known = (erasures ?? (await readErasures(ledger))).get(digest);
  const recorded = known ?? (await writeDown(ledger, { digest, bytes }, reason, writer));
  await ledger.store.eraseBlob(digest);
  const { revision } = recorded;
  return { digest, bytes, repeated: known !== undefined, reason: recorded.reason, revision };
}

async function writeDown(
  ledger: Ledger,
  blob: { readonly digest: Digest; readonly bytes: number },
  reason: string,
  writer: WriterContext,
): Promise<Pick<ErasureRecord, 'revision' | 'reason'>> {
  const draft = ledger.draft({ type: 'BlobErased', data: { blob, reason } }, writer, null);
  const last = await ledger.lastRevision(auditStreams.erasures);
  const { lastRevision } = await ledger.append(auditStreams.erasures, last, [draft]);
  return { revision: lastRevision, reason };
}

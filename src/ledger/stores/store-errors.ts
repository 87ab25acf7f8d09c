import type { Digest } from '../../kernel/brand.ts';
import { sha256Hex } from '../../kernel/digest.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import type { NewBlob } from '../event-store.ts';

/** The refusals that all stores word alike. */
export function ledgerClosed(address: string): PawlError {
  return new PawlError('LEDGER_CLOSED', `${address} is closed; open it again.`, { context: { address } });
}

export function blobNotFound(digest: Digest): PawlError {
  return new PawlError('BLOB_NOT_FOUND', `No blob ${digest} is in the ledger.`, { context: { digest } });
}

export function blobErased(digest: Digest): PawlError {
  return new PawlError('BLOB_ERASED', `The blob ${digest} was erased; only its digest is left.`, {
    context: { digest },
  });
}

export function blobCorrupt(digest: Digest, cause?: unknown): PawlError {
  return new PawlError('BLOB_CORRUPT', `The bytes of blob ${digest} do not hash to its digest.`, {
    context: { digest },
    cause,
  });
}

/** For an append that names its place in the ledger. */
export function positionTaken(address: string, wanted: number, size: number): PawlError {
  return new PawlError(
    'LEDGER_NOT_EMPTY',
    `The record was to be number ${wanted} of ${address}, and would be number ${size}: somebody else writes there. Nothing was written; find out who it is.`,
    { context: { address, wanted, size } },
  );
}

/** @throws PawlError `BLOB_CORRUPT` when the caller names a digest that is not that of the bytes */
export function checkNewBlobs(blobs: readonly NewBlob[]): void {
  for (const blob of blobs) {
    if (sha256Hex(blob.bytes) !== blob.digest) throw blobCorrupt(blob.digest);
  }
}

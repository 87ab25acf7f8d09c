import type { Digest } from '../kernel/brand.ts';
import { auditStreams } from './audit/audit-streams.ts';
import type { Ledger } from './ledger.ts';

/** What the ledger says of a blob that was erased. */
export interface ErasureRecord {
  readonly position: number;
  readonly revision: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly actor: string;
  readonly reason: string;
}

/** Every erasure that was written down, by the digest of its blob; the first where there are several. */
export async function readErasures(ledger: Ledger): Promise<ReadonlyMap<Digest, ErasureRecord>> {
  const erasures = new Map<Digest, ErasureRecord>();
  for await (const event of ledger.readStream(auditStreams.erasures)) {
    if (event.type !== 'BlobErased' || erasures.has(event.data.blob.digest)) continue;
    const { position, revision, at, actor, data } = event;
    erasures.set(data.blob.digest, { position, revision, at, actor, reason: data.reason });
  }
  return erasures;
}

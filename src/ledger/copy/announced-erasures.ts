import type { Digest } from '../../kernel/brand.ts';
import { auditStreams } from '../audit/audit-streams.ts';
import { blobRefsOf } from '../blob-refs.ts';
import type { EventStore } from '../event-store.ts';

/** That a blob was to be erased, as the ledger says it. */
export interface AnnouncedErasure {
  readonly position: number;
  /** Length of the raw bytes there were. */
  readonly bytes: number;
}

/** Every erasure that is written down, by digest; the first where there are several. */
export async function announcedErasures(store: EventStore): Promise<ReadonlyMap<Digest, AnnouncedErasure>> {
  const erasures = new Map<Digest, AnnouncedErasure>();
  for await (const { position, bytes } of store.readStream(auditStreams.erasures)) {
    const { type, data } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, unknown>;
    if (type !== 'BlobErased') continue;
    for (const ref of blobRefsOf(data)) {
      if (!erasures.has(ref.digest)) erasures.set(ref.digest, { position, bytes: ref.bytes });
    }
  }
  return erasures;
}

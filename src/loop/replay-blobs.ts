import type { AnyRecordedEvent } from '../events/record.ts';
import type { Digest } from '../kernel/brand.ts';
import { blobRefsOf } from '../ledger/blob-refs.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Inconclusive } from './replay-stops.ts';

/**
 * Replay says nothing of a stream whose contents are not all there, also where it could do without them: a prompt that renders to
 * the recorded digest proves what the prompt was, and yet nobody can look at it any more.
 */
export async function replayBlobs(ledger: Ledger, events: readonly AnyRecordedEvent[]): Promise<void> {
  const seen = new Set<Digest>();
  for (const { data } of events) {
    for (const { digest } of blobRefsOf(data)) {
      if (seen.has(digest)) continue;
      seen.add(digest);
      const { kind } = await ledger.store.blobStanding(digest);
      if (kind === 'erased') throw new Inconclusive(`blob erased: ${digest}`);
      if (kind === 'missing') throw new Inconclusive(`No blob ${digest} is in the ledger.`);
    }
  }
}

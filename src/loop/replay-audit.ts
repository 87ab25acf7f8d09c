import type { EventType } from '../events/catalogue.ts';
import type { AnyRecordedEvent } from '../events/record.ts';
import type { StreamName } from '../kernel/brand.ts';
import { auditStreams } from '../ledger/audit/audit-streams.ts';
import { replayBlobs } from './replay-blobs.ts';
import type { ReplayReads } from './replay-reads.ts';
import { checkShape, Inconclusive, refuted, verdictOf } from './replay-stops.ts';
import type { ReplayVerdict } from './replay-verdict.ts';

const typeOf: Readonly<Record<string, EventType>> = {
  [auditStreams.keys]: 'SigningKeyRegistered',
  [auditStreams.checkpoints]: 'CheckpointSigned',
  [auditStreams.erasures]: 'BlobErased',
  [auditStreams.replays]: 'ReplayFinished',
  [auditStreams.exports]: 'ExportWritten',
  [auditStreams.findings]: 'FindingRaised',
};

/**
 * What was done to and with the ledger are facts: nothing in it derives them again, and signatures are for `verify` to check.
 * Replay sees to it that each stands in its stream and is what its type says.
 */
export async function replayAuditStream(reads: ReplayReads, stream: StreamName): Promise<ReplayVerdict> {
  const events = await reads.events(stream);
  try {
    const type = typeOf[stream];
    if (type === undefined) throw new Inconclusive(`what ${stream} is; this build writes no such stream`);
    for (const event of events) {
      if (event.type !== type) throw refuted(event, 'kind', `${stream} holds ${type} and nothing else`);
      checkShape(event);
      if (event.type === 'ReplayFinished') checkVerdict(event);
    }
    // An erasure refers to the very blob that is gone.
    if (type !== 'BlobErased') await replayBlobs(reads.ledger, events);
    return { verdict: 'pass', events: events.length, decisions: 0, finished: true };
  } catch (error) {
    return verdictOf(error, events.length);
  }
}

/** The verdict of a whole is that of its worst part. */
function checkVerdict(event: Extract<AnyRecordedEvent, { type: 'ReplayFinished' }>): void {
  const { verdict, diverged, inconclusive } = event.data;
  if (verdict === 'diverged' || (diverged === 0 && (verdict === 'inconclusive' || inconclusive === 0)))
    return;
  const counts = `${diverged} diverged and ${inconclusive} inconclusive`;
  throw refuted(event, 'content', `with ${counts} the verdict cannot be ${verdict}`);
}

import { decodeRecord } from '../../events/record.ts';
import { auditStreams } from '../audit/audit-streams.ts';
import type { Trust } from './trust.ts';
import type { VerifySource } from './verify-source.ts';

/** Every size, ascending, at which a root will be compared: of checkpoints in the ledger and of those from outside. */
export async function wantedSizes(source: VerifySource, trust: Trust, size: number): Promise<number[]> {
  const sizes = new Set(trust.checkpoints.map((checkpoint) => checkpoint.size));
  try {
    for await (const record of source.stream(auditStreams.checkpoints)) {
      const event = decodeRecord(record.position, record.bytes);
      if (event.type === 'CheckpointSigned') sizes.add(event.data.size);
    }
  } catch {
    // A stream that cannot be read is found where records are checked one by one.
  }
  return [...sizes]
    .filter((wanted) => Number.isSafeInteger(wanted) && wanted >= 0 && wanted <= size)
    .sort((left, right) => left - right);
}

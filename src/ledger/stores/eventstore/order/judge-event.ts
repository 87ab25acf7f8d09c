import type { StreamName } from '../../../../kernel/brand.ts';
import { leafHash } from '../../../audit/tree-hash.ts';
import { eventUuid } from '../event-uuid.ts';
import type { LogEvent, LogPosition } from '../log-client.ts';
import { comparePositions } from './compare-positions.ts';
import { orderFaults } from './order-faults.ts';

/** What is known of the order, as far as the next event is judged by it. */
export interface KnownOrder {
  /** Where the log has the last record of the order; null before the first. */
  readonly last: LogPosition | null;
  /** -1 for a stream without records. */
  lastRevision(stream: StreamName): number;
}

/** Names in the log: of records, and of metadata about their streams. Made once, because every event is held against them. */
export interface LogNames {
  readonly records: string;
  readonly metadata: string;
}

export function logNames(prefix: string): LogNames {
  return { records: `${prefix}.`, metadata: `$$${prefix}.` };
}

export type EventJudgement =
  /** The next record. */
  | {
      readonly kind: 'record';
      readonly stream: StreamName;
      readonly revision: number;
      readonly leaf: Uint8Array;
    }
  /** Says of a stream of ours (its name in the log) that events may be dropped; it may have been taken back since. */
  | { readonly kind: 'truncating metadata'; readonly stream: string }
  /** Has its place already, or is none of ours. */
  | { readonly kind: 'nothing' };

/**
 * What an event of the log is to the order. Events may come twice (by several ways, or after a broken connection), but by each
 * way in log order and without a gap, so that what lies behind the last record is the next one.
 *
 * @throws PawlError `STREAM_TRUNCATED`, `LEDGER_CORRUPT` when the revisions of its stream do not go on by one, or
 * the bytes are not those of its id
 */
export function judgeEvent(
  event: LogEvent,
  position: LogPosition,
  names: LogNames,
  known: KnownOrder,
): EventJudgement {
  const { stream: name, revision } = event;
  if (name.startsWith(names.metadata)) {
    return truncates(event) ? { kind: 'truncating metadata', stream: name.slice(2) } : { kind: 'nothing' };
  }
  if (!name.startsWith(names.records) || comparePositions(position, known.last) <= 0)
    return { kind: 'nothing' };
  if (event.type === '$streamDeleted') throw orderFaults.deleted(name);
  const stream = name.slice(names.records.length) as StreamName;
  const due = known.lastRevision(stream) + 1;
  if (revision > due) throw orderFaults.gap(name, due, revision);
  if (revision < due) throw orderFaults.repeated(name, revision);
  const leaf = leafHash(event.data);
  if (event.id !== eventUuid(leaf)) throw orderFaults.noRecord(name, revision);
  return { kind: 'record', stream, revision, leaf };
}

function truncates({ data }: LogEvent): boolean {
  try {
    const metadata: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
    if (typeof metadata !== 'object' || metadata === null) return false;
    return ['$maxCount', '$maxAge', '$tb'].some((key) => Reflect.get(metadata, key) != null);
  } catch {
    // The server does not act on what is no JSON either.
    return false;
  }
}

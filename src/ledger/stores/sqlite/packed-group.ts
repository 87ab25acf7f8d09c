import type { Digest, EventId, StreamName } from '../../../kernel/brand.ts';
import { hashBytes, leafHash } from '../../audit/tree-hash.ts';
import type { AppendResult } from '../../event-store.ts';
import { fromPlainError, type PlainError, toPlainError } from './plain-error.ts';
import type { HashedRequest, Outcome, WriteRequest } from './write-request.ts';

/**
 * Requests on their way to the writer thread: a few flat lists and one buffer, because cloning an object per record between
 * threads takes longer than writing it. Each record lies behind its leaf hash, which is computed here because the writer
 * thread is the one that everybody waits for.
 */
export interface PackedGroup {
  readonly streams: readonly (string | null)[];
  readonly expectedRevisions: readonly number[];
  /** `AppendRequest.atPosition`; -1 for any. */
  readonly atPositions: readonly number[];
  readonly recordCounts: readonly number[];
  readonly blobCounts: readonly number[];
  readonly ids: readonly string[];
  readonly digests: readonly string[];
  /** Of records and blobs in the order of `bytes`: each request's records, then its blobs. */
  readonly lengths: readonly number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The leaf hash, and a zero byte in front of the record, where hashing it as a leaf begins. */
const recordPrefixBytes = hashBytes + 1;

export function packGroup(requests: readonly WriteRequest[]): PackedGroup {
  const ids: string[] = [];
  const digests: string[] = [];
  const lengths: number[] = [];
  let size = 0;
  for (const { records, blobs } of requests) {
    for (const { id, bytes } of records) {
      ids.push(id);
      lengths.push(bytes.length);
      size += recordPrefixBytes + bytes.length;
    }
    for (const { digest, bytes } of blobs) {
      digests.push(digest);
      lengths.push(bytes.length);
      size += bytes.length;
    }
  }
  const packed = new Uint8Array(size);
  let offset = 0;
  for (const { records, blobs } of requests) {
    for (const { bytes } of records) {
      const start = offset + recordPrefixBytes;
      packed.set(bytes, start);
      offset = start + bytes.length;
      packed.set(leafHash(packed.subarray(start, offset)), start - recordPrefixBytes);
    }
    for (const { bytes } of blobs) {
      packed.set(bytes, offset);
      offset += bytes.length;
    }
  }
  return {
    streams: requests.map(({ stream }) => stream),
    expectedRevisions: requests.map(({ expectedRevision }) => expectedRevision),
    atPositions: requests.map(({ atPosition }) => atPosition ?? -1),
    recordCounts: requests.map(({ records }) => records.length),
    blobCounts: requests.map(({ blobs }) => blobs.length),
    ids,
    digests,
    lengths,
    bytes: packed,
  };
}

export function unpackGroup(group: PackedGroup): HashedRequest[] {
  let id = 0;
  let digest = 0;
  let item = 0;
  let offset = 0;
  const take = (): Uint8Array => {
    const start = offset;
    offset += group.lengths[item] as number;
    item += 1;
    return group.bytes.subarray(start, offset);
  };
  return group.streams.map((stream, index) => {
    const records = [];
    for (let count = group.recordCounts[index] as number; count > 0; count -= 1) {
      const leaf = group.bytes.subarray(offset, offset + hashBytes);
      offset += recordPrefixBytes;
      records.push({ id: group.ids[id] as EventId, bytes: take(), leaf });
      id += 1;
    }
    const blobs = [];
    for (let count = group.blobCounts[index] as number; count > 0; count -= 1) {
      blobs.push({ digest: group.digests[digest] as Digest, bytes: take() });
      digest += 1;
    }
    const expectedRevision = group.expectedRevisions[index] as number;
    const atPosition = group.atPositions[index] as number;
    const at = atPosition < 0 ? {} : { atPosition };
    return { stream: stream as StreamName | null, expectedRevision, records, blobs, ...at };
  });
}

/** Outcomes on their way back: the first position of what was simply written, everything else in full. */
export interface PackedOutcomes {
  readonly firstPositions: readonly number[];
  readonly others: ReadonlyMap<number, AppendResult | PlainError>;
}

export function packOutcomes(outcomes: readonly Outcome[]): PackedOutcomes {
  const others = new Map<number, AppendResult | PlainError>();
  const firstPositions = outcomes.map((outcome, index) => {
    if (outcome.kind === 'refused') others.set(index, toPlainError(outcome.error));
    else if (outcome.result.repeated) others.set(index, outcome.result);
    return outcome.kind === 'done' ? (outcome.result.positions[0] ?? -1) : -1;
  });
  return { firstPositions, others };
}

export function unpackOutcome(packed: PackedOutcomes, index: number, request: WriteRequest): Outcome {
  const other = packed.others.get(index);
  if (other !== undefined) {
    return 'code' in other
      ? { kind: 'refused', error: fromPlainError(other) }
      : { kind: 'done', result: other };
  }
  const first = packed.firstPositions[index] as number;
  const count = request.records.length;
  const positions = count === 1 ? [first] : Array.from({ length: count }, (_, at) => first + at);
  return {
    kind: 'done',
    result: { positions, lastRevision: request.expectedRevision + count, repeated: false },
  };
}

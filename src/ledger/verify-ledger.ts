import { checkRecord, decodeRecord } from '../events/record.ts';
import type { Digest, StreamName } from '../kernel/brand.ts';
import { canonicalBytes } from '../kernel/canonical-json.ts';
import type { Json } from '../kernel/json.ts';
import { isPawlError, messageOf } from '../kernel/pawl-error.ts';
import { TreeFrontier } from './audit/tree-frontier.ts';
import { leafHash } from './audit/tree-hash.ts';
import { blobRefsOf } from './blob-refs.ts';
import type { EventStore, StoredRecord, TreeHead } from './event-store.ts';

type ProblemCode =
  | 'LEAF_MISMATCH'
  | 'POSITION_GAP'
  | 'REVISION_GAP'
  | 'ENVELOPE_MISMATCH'
  | 'RECORD_INVALID'
  | 'NOT_CANONICAL'
  | 'TREE_MISMATCH'
  | 'BLOB_MISSING'
  | 'BLOB_DAMAGED'
  | 'UNREADABLE';

/** One thing that is wrong: where (a record's position, a blob's digest, or neither for the tree), and what. */
interface Problem {
  readonly position: number | null;
  readonly digest: Digest | null;
  readonly code: ProblemCode;
  readonly message: string;
}

export interface VerifyReport {
  readonly ok: boolean;
  /** Records, streams and blobs that were looked at. */
  readonly records: number;
  readonly streams: number;
  readonly blobs: number;
  /** The tree head as stored when verification began; everything before it was checked. */
  readonly head: TreeHead;
  /** In the order they were found (records by position, then the tree, then blobs); at most `problemsMax` of them. */
  readonly problems: readonly Problem[];
  /** All that were found, also those beyond `problemsMax`. */
  readonly problemCount: number;
}

export interface VerifyOptions {
  /** Called about every 10,000 records, and every 1,000 blobs. */
  readonly onProgress?: (done: {
    readonly records: number;
    readonly blobs: number;
    readonly of: number;
  }) => void;
  readonly problemsMax?: number;
  /** Also writes every record's canonical form anew and compares the bytes; takes about a third more time. */
  readonly deep?: boolean;
}

/**
 * Derives everything again from the raw bytes: each record's leaf hash, the tree over all of them, positions and revisions
 * without gaps, the envelope against the place the record was found at, its schema, and every blob against its digest. Never
 * stops at a problem and never throws for one; a ledger that is being written is checked up to where it was.
 *
 * It proves that nothing was altered. That nothing is missing at the end takes a head known from elsewhere.
 */
export async function verifyLedger(store: EventStore, options: VerifyOptions = {}): Promise<VerifyReport> {
  const { onProgress, problemsMax = 100, deep = false } = options;
  const problems: Problem[] = [];
  let problemCount = 0;
  const report = (problem: Problem): void => {
    problemCount += 1;
    if (problems.length < problemsMax) problems.push(problem);
  };

  const head = await store.head();
  const tree = new TreeFrontier();
  const revisions = new Map<StreamName, number>();
  const references = new Map<Digest, Reference>();
  try {
    for await (const record of takeUntil(store.readAll(), head.size)) {
      checkPlace(record, tree.size, revisions, report);
      tree.append(checkLeaf(record, report));
      checkContent(record, deep, references, report);
      if (tree.size % 10_000 === 0) onProgress?.({ records: tree.size, blobs: 0, of: head.size });
    }
  } catch (error) {
    report({ position: tree.size, digest: null, code: 'UNREADABLE', message: messageOf(error) });
  }
  checkTree(tree, head, report);
  const blobs = await checkBlobs(store, references, report, (done) =>
    onProgress?.({ records: tree.size, blobs: done, of: head.size }),
  );
  const ok = problemCount === 0;
  return { ok, records: tree.size, streams: revisions.size, blobs, head, problems, problemCount };
}

/** Where a blob is first referred to, and the size that the reference claims. */
interface Reference {
  readonly position: number;
  readonly bytes: number;
}

type Report = (problem: Problem) => void;

async function* takeUntil(records: AsyncIterable<StoredRecord>, size: number): AsyncGenerator<StoredRecord> {
  if (size === 0) return;
  for await (const record of records) {
    if (record.position >= size) return;
    yield record;
    if (record.position === size - 1) return;
  }
}

function checkPlace(
  record: StoredRecord,
  expectedPosition: number,
  revisions: Map<StreamName, number>,
  report: Report,
): void {
  const { position, stream, revision } = record;
  const expectedRevision = revisions.get(stream) ?? 0;
  revisions.set(stream, revision + 1);
  if (position !== expectedPosition) {
    const message = `Record ${expectedPosition} in order is numbered ${position}.`;
    report({ position, digest: null, code: 'POSITION_GAP', message });
  }
  if (revision !== expectedRevision) {
    const message = `"${stream}" goes on with revision ${revision} instead of ${expectedRevision}.`;
    report({ position, digest: null, code: 'REVISION_GAP', message });
  }
}

function checkLeaf(record: StoredRecord, report: Report): Uint8Array {
  const leaf = leafHash(record.bytes);
  if (Buffer.compare(leaf, record.leaf) !== 0) {
    const message = 'The bytes of the record do not hash to its leaf: one of the two was altered.';
    report({ position: record.position, digest: null, code: 'LEAF_MISMATCH', message });
  }
  return leaf;
}

function checkContent(
  record: StoredRecord,
  deep: boolean,
  references: Map<Digest, Reference>,
  report: Report,
): void {
  const { position, stream, revision, id, bytes } = record;
  try {
    const event = decodeRecord(position, bytes);
    if (event.stream !== stream || event.revision !== revision || event.id !== id) {
      const message = `The record says it is ${event.id} at ${event.stream}/${event.revision}, but is stored as ${id} at ${stream}/${revision}.`;
      report({ position, digest: null, code: 'ENVELOPE_MISMATCH', message });
    }
    checkRecord(event);
    if (deep) {
      // Not the event: that one may have been brought to a newer version.
      const written: Json = JSON.parse(Buffer.from(bytes).toString('utf8'));
      if (Buffer.compare(canonicalBytes(written), bytes) !== 0) {
        const message = 'The record is not written in canonical form.';
        report({ position, digest: null, code: 'NOT_CANONICAL', message });
      }
    }
    for (const ref of blobRefsOf(event.data)) {
      const known = references.get(ref.digest);
      if (known === undefined) references.set(ref.digest, { position, bytes: ref.bytes });
      else if (known.bytes !== ref.bytes) {
        const message = `Blob ${ref.digest} has ${ref.bytes} bytes here, and ${known.bytes} at position ${known.position}.`;
        report({ position, digest: ref.digest, code: 'BLOB_DAMAGED', message });
      }
    }
  } catch (error) {
    if (!isPawlError(error)) throw error;
    report({ position, digest: null, code: 'RECORD_INVALID', message: error.message });
  }
}

function checkTree(tree: TreeFrontier, head: TreeHead, report: Report): void {
  if (tree.size === head.size && Buffer.compare(tree.root(), head.root) === 0) return;
  const message =
    tree.size === head.size
      ? 'The records do not hash to the stored tree head.'
      : `The stored tree head covers ${head.size} records; ${tree.size} are there.`;
  report({ position: null, digest: null, code: 'TREE_MISMATCH', message });
}

/** All stored blobs, also those that nothing refers to; then those that are referred to and not stored. */
async function checkBlobs(
  store: EventStore,
  references: Map<Digest, Reference>,
  report: Report,
  onProgress: (done: number) => void,
): Promise<number> {
  let count = 0;
  try {
    for await (const digest of store.blobDigests()) {
      const reference = references.get(digest);
      references.delete(digest);
      count += 1;
      if (count % 1000 === 0) onProgress(count);
      const position = reference?.position ?? null;
      try {
        const { length } = await store.getBlob(digest);
        if (reference === undefined || length === reference.bytes) continue;
        const message = `Blob ${digest} has ${length} bytes; the record that refers to it says ${reference.bytes}.`;
        report({ position, digest, code: 'BLOB_DAMAGED', message });
      } catch (error) {
        report({ position, digest, code: 'BLOB_DAMAGED', message: messageOf(error) });
      }
    }
  } catch (error) {
    report({ position: null, digest: null, code: 'UNREADABLE', message: messageOf(error) });
  }
  for (const [digest, { position }] of references) {
    const message = `Blob ${digest} is referred to but not stored.`;
    report({ position, digest, code: 'BLOB_MISSING', message });
  }
  return count;
}

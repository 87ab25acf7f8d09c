import type { ErrorCode } from '../../kernel/error-table.ts';
import { isPawlError, PawlError } from '../../kernel/pawl-error.ts';
import type { TreeFrontier } from '../audit/tree-frontier.ts';
import { ensureBlob } from './copy-blobs.ts';
import type { CopyWork } from './copy-work.ts';
import { followTarget } from './follow-target.ts';
import { type RecordRun, type RunLimits, recordRuns } from './record-runs.ts';

/** So many appends, and records of so many bytes, may be under way at a time. */
const appendsMax = 512;
const bytesUnderWayMax = 8 * 1024 * 1024;
/** Under every server's limit for one append, what it adds to each record included. */
const runLimits: RunLimits = { recordsMax: 512, bytesMax: 512 * 1024 };
const failuresMax = 5;
const firstPauseMs = 100;

interface Sent {
  readonly run: RecordRun;
  /** Null when it was stored at its place. */
  readonly outcome: Promise<Error | null>;
}

/**
 * Appends to the target, in their order, the records of the source from the size of the tree on, and leads the tree on over what
 * is stored. After a failure that may pass it goes on from what the target then holds.
 *
 * @param size where to stop
 * @throws PawlError `LEDGER_NOT_EMPTY` when the target took something else in between, or took records in another order;
 * `LEDGER_CORRUPT`, `BLOB_NOT_FOUND`, and those of the stores
 */
export async function copyRecords(work: CopyWork, tree: TreeFrontier, size: number): Promise<void> {
  let limits = runLimits;
  for (let failures = 0; tree.size < size && !work.signal.aborted; ) {
    const before = tree.size;
    const failure = await sendRecords(work, tree, size, () => limits);
    if (failure === null) continue;
    const shorter = isPawlError(failure, 'APPEND_TOO_LARGE') ? halved(limits) : null;
    if (shorter === null && !mayPass(failure)) throw failure;
    if (isGap(failure)) throw revisionMissing(work.source.address, failure);
    limits = shorter ?? limits;
    failures = tree.size > before ? 1 : failures + 1;
    if (shorter === null) {
      if (failures > failuresMax) throw failure;
      await pause(work, firstPauseMs * 2 ** (failures - 1));
    }
    await followTarget(work.source, work.target, tree, size);
  }
}

/** The first failure, once everything under way has settled; null when there was none. */
async function sendRecords(
  work: CopyWork,
  tree: TreeFrontier,
  size: number,
  limits: () => RunLimits,
): Promise<Error | null> {
  const underWay: Sent[] = [];
  let bytes = 0;
  const settleOldest = async (): Promise<Error | null> => {
    const { run, outcome } = underWay.shift() as Sent;
    bytes -= run.bytes;
    const failure = await outcome;
    if (failure === null) tellStored(work, tree, run);
    return failure;
  };
  let failure: Error | null = null;
  try {
    for await (const run of recordRuns(work.source, tree.size, size, limits)) {
      if (work.signal.aborted) break;
      for (const { digest, position } of run.refs) {
        if (!work.known.has(digest)) await ensureBlob(work, digest, position);
      }
      underWay.push({ run, outcome: send(work, run) });
      bytes += run.bytes;
      while (failure === null && (underWay.length > appendsMax || bytes > bytesUnderWayMax)) {
        failure = await settleOldest();
      }
      if (failure !== null) break;
    }
  } finally {
    // Whatever ended the reading: what was sent is waited for, so that nobody writes when this returns.
    while (failure === null && underWay.length > 0) failure = await settleOldest();
    await Promise.all(underWay.map(({ outcome }) => outcome));
  }
  return failure;
}

async function send({ target }: CopyWork, { request }: RecordRun): Promise<Error | null> {
  try {
    const { positions } = await target.append(request);
    const position = positions[0] ?? -1;
    return position === request.atPosition || position === -1
      ? null
      : elsewhere(target.address, request, position);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function tellStored(
  { counts, onProgress }: CopyWork,
  tree: TreeFrontier,
  { leaves, bytes }: RecordRun,
): void {
  for (const leaf of leaves) tree.append(leaf);
  counts.records += leaves.length;
  counts.recordBytes += bytes;
  onProgress(counts);
}

async function pause({ clock, signal }: CopyWork, durationMs: number): Promise<void> {
  await clock.sleep(durationMs, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

/**
 * Another copying of the same ledger may have been faster, which is seen by what the target holds. A full disk stays full, and
 * who may not write now may not write later.
 */
function mayPass(error: Error): boolean {
  if (!isPawlError(error) || error.code === 'STORAGE_FULL') return false;
  return error.entry.retryable || outrun.has(error.code);
}

const outrun: ReadonlySet<ErrorCode> = new Set(['WRONG_EXPECTED_REVISION', 'LEDGER_NOT_EMPTY']);

/** All before it is stored, and yet the stream does not reach to where the record belongs. */
function isGap(error: Error): error is PawlError {
  if (!isPawlError(error, 'WRONG_EXPECTED_REVISION')) return false;
  return Number(error.context['actual']) < Number(error.context['expected']);
}

function revisionMissing(address: string, cause: PawlError): PawlError {
  const { stream = '', actual = -1 } = cause.context;
  return new PawlError(
    'LEDGER_CORRUPT',
    `The stream "${stream}" of ${address} has no record behind revision ${actual}, and goes on later. Nothing from there on was copied; \`pawl verify\` lists all that is wrong with the ledger.`,
    { context: { address, stream, revision: Number(actual) + 1 }, cause },
  );
}

function halved({ recordsMax, bytesMax }: RunLimits): RunLimits | null {
  if (recordsMax === 1) return null;
  return { recordsMax: Math.floor(recordsMax / 2), bytesMax: Math.floor(bytesMax / 2) };
}

function elsewhere(address: string, { atPosition }: RecordRun['request'], position: number): PawlError {
  return new PawlError(
    'LEDGER_NOT_EMPTY',
    `Record ${atPosition} became record ${position} of ${address}: somebody else writes there, or it took records in another order than they were sent in. Nothing more was sent: copy to a place where no ledger is, and do without this one.`,
    { context: { address, atPosition, position } },
  );
}

import type { Clock } from '../../kernel/clock.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import { TreeFrontier } from '../audit/tree-frontier.ts';
import type { EventStore, TreeHead } from '../event-store.ts';
import { announcedErasures } from './announced-erasures.ts';
import { copyBlobs, digestsToCopy } from './copy-blobs.ts';
import { copyRecords } from './copy-records.ts';
import type { CopyCounts, CopyWork } from './copy-work.ts';
import { DigestSet } from './digest-set.ts';
import { followTarget } from './follow-target.ts';
import { settleErasures } from './settle-erasures.ts';

export interface CopyOptions {
  readonly clock: Clock;
  /** Aborted: what is under way is stored, and the rest is left for the next time. */
  readonly signal: AbortSignal;
  /** Blobs that the source lacks are lacking in the target, instead of ending the copy. */
  readonly allowsMissingBlobs: boolean;
  /** Told what is there before anything is written. */
  readonly onBegin: (plan: CopyPlan) => void;
  readonly onProgress: (counts: Readonly<CopyCounts>) => void;
}

/** What a copy starts from. */
export interface CopyPlan {
  /** Of the source when the copy began: so far it goes. */
  readonly head: TreeHead;
  /** Records that the target holds already; they are the first ones of the source. */
  readonly already: number;
}

/** What a copy would do, blobs included. */
export interface FullCopyPlan extends CopyPlan {
  readonly blobs: number;
}

export interface CopyReport extends CopyPlan {
  readonly counts: Readonly<CopyCounts>;
  /** Blobs that records refer to and that neither ledger has; only where that is allowed. */
  readonly missingBlobs: number;
  /** False when the signal came first: the same copy goes on from there. */
  readonly finished: boolean;
  /** Records that the source got meanwhile: the same copy goes on with them. */
  readonly grownBy: number;
}

/**
 * Whether one ledger can be copied to where another is, without writing anything.
 *
 * @throws PawlError `LEDGER_NOT_EMPTY` when the target holds something else than the beginning of the source
 */
export async function planCopy(source: EventStore, target: EventStore): Promise<FullCopyPlan> {
  const { head, tree } = await compare(source, target);
  const erasures = await announcedErasures(source);
  let blobs = 0;
  for await (const _digest of digestsToCopy({ source, target, erasures, known: new DigestSet() })) blobs += 1;
  return { head, already: tree.size, blobs };
}

/**
 * Writes a ledger down again in another store: the same records, byte for byte, in the same order, and so under the same tree,
 * with every blob. A target that holds the beginning of the source is continued; anything else is refused, and nothing is
 * written. When it ends well, the roots of both are the same, which is the proof that nothing was altered, left out or moved.
 *
 * A process that is killed at any moment leaves a beginning of the source.
 *
 * @throws PawlError `LEDGER_NOT_EMPTY`; `LEDGER_CORRUPT`, `BLOB_CORRUPT`, `BLOB_NOT_FOUND` when the source is damaged;
 * `INTEGRITY` when the roots differ at the end; and those of the stores
 */
export async function copyLedger(
  source: EventStore,
  target: EventStore,
  options: CopyOptions,
): Promise<CopyReport> {
  const { head, tree } = await compare(source, target);
  const plan = { head, already: tree.size };
  options.onBegin(plan);
  const counts: CopyCounts = { records: 0, recordBytes: 0, blobs: 0, blobBytes: 0, erased: 0 };
  // Behind the head: what was announced until now is not carried over any more, whether or not the copy comes to it.
  const erasures = await announcedErasures(source);
  const work: CopyWork = {
    ...options,
    source,
    target,
    counts,
    erasures,
    known: new DigestSet(),
    missing: new Set(),
  };
  await copyBlobs(work);
  await copyRecords(work, tree, head.size);
  await settleErasures(work, tree.size);
  const finished = tree.size === head.size && !options.signal.aborted;
  if (finished) await mustBeTheSame(target, head, tree);
  const grownBy = (await source.head()).size - head.size;
  return { ...plan, counts, missingBlobs: work.missing.size, finished, grownBy };
}

async function compare(
  source: EventStore,
  target: EventStore,
): Promise<{ head: TreeHead; tree: TreeFrontier }> {
  const head = await source.head();
  const tree = new TreeFrontier();
  await followTarget(source, target, tree, head.size);
  return { head, tree };
}

async function mustBeTheSame(target: EventStore, head: TreeHead, tree: TreeFrontier): Promise<void> {
  const there = await target.head();
  const isSame = (root: Uint8Array): boolean => Buffer.compare(root, head.root) === 0;
  if (there.size === head.size && isSame(there.root) && isSame(tree.root())) return;
  const { address } = target;
  throw new PawlError(
    'INTEGRITY',
    `${address} holds ${there.size} records with the root ${hex(there.root)}, and should hold ${head.size} with ${hex(head.root)}; what was read has ${hex(tree.root())}. Do not use it; \`pawl verify\` of both ledgers says which one is damaged.`,
    { context: { address, size: there.size, expected: head.size } },
  );
}

function hex(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex');
}

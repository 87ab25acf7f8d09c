import type { Digest } from '../../kernel/brand.ts';
import { messageOf } from '../../kernel/pawl-error.ts';
import { TreeFrontier } from '../audit/tree-frontier.ts';
import type { Ledger } from '../ledger.ts';
import type { Foldable } from './foldable.ts';
import { openSnapshots } from './open-snapshots.ts';
import { hashOfPieces, sealOf } from './snapshot-hash.ts';
import type { SnapshotHead, SnapshotStore } from './snapshot-store.ts';
import { cutState, joinState } from './state-pieces.ts';

/** A snapshot that is not the fold of this ledger, or a file of snapshots that is damaged. */
export interface SnapshotProblem {
  /** Null for the file. */
  readonly projection: string | null;
  /** Records that the snapshot says were folded. */
  readonly size: number | null;
  readonly message: string;
}

/**
 * Folds the ledger again and compares with every snapshot beside it that somebody could read with these projections: the state
 * entry by entry, its hash, and what ties it to the ledger. A forger who recomputed the hashes is found too, because nothing in
 * the file is believed. Snapshots of projections and versions that are not given are only held against their own hashes: nobody
 * reads them.
 *
 * A snapshot of more records than the ledger has is a sign that its end was cut off.
 *
 * @param projections those that this build reads; the fold takes as long as one of them from the beginning
 * @throws PawlError those of reading the ledger
 */
export async function checkSnapshots(
  ledger: Ledger,
  projections: readonly Foldable<unknown>[],
): Promise<SnapshotProblem[]> {
  const snapshots = openSnapshots(ledger.store);
  if (snapshots === null) return [];
  try {
    const { size } = await ledger.head();
    const damage = snapshots.damage();
    if (damage !== null) return [{ projection: null, size: null, message: damaged(damage) }];
    const problems: SnapshotProblem[] = [];
    const within: SnapshotHead[] = [];
    for (const head of snapshots.heads()) {
      const { projection, version } = head;
      const beyond = head.size > size || head.size < 1;
      const known = projections.some(({ name, ...own }) => name === projection && own.version === version);
      if (beyond) problems.push(problem(head, `it covers ${head.size} records; the ledger has ${size}`));
      else if (known) within.push(head);
      else if (!isConsistent(snapshots, head))
        problems.push(problem(head, 'its hashes do not fit its state'));
    }
    return [...problems, ...(await compare(ledger, snapshots, projections, within))];
  } finally {
    snapshots.close();
  }
}

async function compare(
  ledger: Ledger,
  snapshots: SnapshotStore,
  projections: readonly Foldable<unknown>[],
  heads: readonly SnapshotHead[],
): Promise<SnapshotProblem[]> {
  const last = Math.max(0, ...heads.map(({ size }) => size));
  if (last === 0) return [];
  const bySize = Map.groupBy(heads, ({ size }) => size);
  const folds = projections
    .filter(({ name }) => heads.some(({ projection }) => projection === name))
    .map((projection) => ({ projection, state: projection.initialState() }));
  const ties = await tiesAt(ledger, new Set(bySize.keys()), last);
  const problems: SnapshotProblem[] = [];
  for await (const events of ledger.readBatches()) {
    for (const event of events) {
      for (const fold of folds) fold.state = fold.projection.evolve(fold.state, event);
      const size = event.position + 1;
      for (const head of bySize.get(size) ?? []) {
        const fold = folds.find(({ projection }) => projection.name === head.projection);
        if (fold === undefined) continue;
        const hash = hashOfPieces(fold.projection, cutState(fold.state));
        const message = difference(snapshots, fold.projection, head, hash, ties.get(size));
        if (message !== null) problems.push(problem(head, message));
      }
      if (size === last) return problems;
    }
  }
  return problems;
}

interface Tie {
  readonly leaf: string;
  readonly root: string;
}

async function tiesAt(
  { store }: Ledger,
  sizes: ReadonlySet<number>,
  last: number,
): Promise<ReadonlyMap<number, Tie>> {
  const ties = new Map<number, Tie>();
  const tree = new TreeFrontier();
  for await (const leaves of store.readLeaves()) {
    for (const leaf of leaves) {
      tree.append(leaf);
      if (sizes.has(tree.size)) {
        const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
        ties.set(tree.size, { leaf: hex(leaf), root: hex(tree.root()) });
      }
      if (tree.size === last) return ties;
    }
  }
  return ties;
}

/** Null when the snapshot is what the ledger folds to. */
function difference(
  snapshots: SnapshotStore,
  projection: Foldable<unknown>,
  head: SnapshotHead,
  hash: Digest,
  tie: Tie | undefined,
): string | null {
  const snapshot = snapshots.load(head);
  if (snapshot === null) {
    // Another process may have put a newer one in its place meanwhile.
    const isThere = snapshots.heads(head).some(({ seal }) => seal === head.seal);
    return isThere ? 'its state is not there' : null;
  }
  if (head.hash !== hash) return `it says its state has the hash ${head.hash}; the ledger folds to ${hash}`;
  try {
    // As a reader would see it, not as it is stored.
    const seen = hashOfPieces(projection, cutState(structuredClone(joinState(snapshot.pieces))));
    if (seen !== hash) return `its state has the hash ${seen}; the ledger folds to ${hash}`;
  } catch (error) {
    return `its state cannot be read: ${messageOf(error)}`;
  }
  if (tie === undefined || head.leaf !== tie.leaf || head.root !== tie.root) {
    return 'it says it was made from other records';
  }
  return sealOf(snapshot) === head.seal ? null : 'its seal does not fit what it says of itself';
}

function isConsistent(snapshots: SnapshotStore, head: SnapshotHead): boolean {
  const snapshot = snapshots.load(head);
  if (snapshot === null) return !snapshots.heads(head).some(({ seal }) => seal === head.seal);
  const { projection: name, version } = head;
  return sealOf(snapshot) === head.seal && hashOfPieces({ name, version }, snapshot.pieces) === head.hash;
}

function damaged(why: string): string {
  return `The file of snapshots beside the ledger is damaged: ${why}. Delete it; it is made again from the ledger.`;
}

function problem({ projection, size }: SnapshotHead, what: string): SnapshotProblem {
  return {
    projection,
    size,
    message: `The snapshot of "${projection}" at ${size} records is not its fold: ${what}.`,
  };
}

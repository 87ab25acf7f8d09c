import type { EventStore } from '../event-store.ts';
import { TreeFrontier } from './tree-frontier.ts';

/** A size and root that a ledger once had; its tree when it is known. */
export interface EarlierHead {
  readonly size: number;
  readonly root: Uint8Array;
  readonly roots: Uint8Array | null;
}

/**
 * Whether the first records of the store are still those of an earlier head. Takes time for the leaves since then when the tree
 * of that head is known, else for all of them.
 */
export async function continues(
  store: Pick<EventStore, 'head' | 'readLeaves'>,
  earlier: EarlierHead,
): Promise<boolean> {
  const head = await store.head();
  if (head.size < earlier.size) return false;
  const { roots, size, root } = earlier;
  const tree = roots === null ? new TreeFrontier() : TreeFrontier.restore({ size, roots });
  for await (const leaves of store.readLeaves(tree.size)) {
    for (const leaf of leaves) {
      if (tree.size === head.size) break;
      if (tree.size === size && Buffer.compare(tree.root(), root) !== 0) return false;
      tree.append(leaf);
    }
    if (tree.size === head.size) break;
  }
  if (head.size === size) return Buffer.compare(head.root, root) === 0;
  // That the tree grew into the stored head also shows that the tree it began with was of these records.
  return tree.size === head.size && Buffer.compare(tree.root(), head.root) === 0;
}

import type { FrontierState } from '../audit/tree-frontier.ts';
import { hashBytes, nodeHash } from '../audit/tree-hash.ts';

/**
 * The RFC 6962 tree over the leaves of `left` and then those of `right`, without any leaf: complete subtrees of `right` become
 * subtrees of the whole, which they are when `left.size` is a multiple of the largest of them.
 */
export function joinTrees(left: FrontierState, right: FrontierState): FrontierState {
  const roots = hashesOf(left.roots);
  let size = left.size;
  let rest = right.size;
  for (const subtree of hashesOf(right.roots)) {
    const leaves = 2 ** Math.floor(Math.log2(rest));
    rest -= leaves;
    let root = subtree;
    // As with a single leaf, adding one subtree carries through the equally large ones before it.
    for (let count = size / leaves; count % 2 === 1; count = (count - 1) / 2) {
      root = nodeHash(roots.pop() as Uint8Array, root);
    }
    roots.push(root);
    size += leaves;
  }
  return { size, roots: Buffer.concat(roots) };
}

function hashesOf(roots: Uint8Array): Uint8Array[] {
  return Array.from({ length: roots.length / hashBytes }, (_, index) =>
    roots.subarray(index * hashBytes, (index + 1) * hashBytes),
  );
}

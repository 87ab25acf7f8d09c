import { PawlError } from '../../kernel/pawl-error.ts';
import { ProofReader } from './proof-reader.ts';
import { hashRanges, type LeafRange, mustCover, type SubtreeHashes, splitOf } from './subtree-hashes.ts';
import { emptyRoot, nodeHash } from './tree-hash.ts';

/**
 * One proof for a set of leaves: the hash of every largest RFC 6962 subtree that holds none of them, from left to right. With
 * the leaves of the set these are exactly what the root is made of, so nothing is said twice, as it would be in one inclusion
 * proof per leaf. Grows with the size of the set, and with the logarithm of the tree; an empty set is proved by the root.
 *
 * @throws PawlError `LEDGER_POSITION` when the tree has fewer leaves, or an index is not among them
 */
export async function subsetProof(
  hashes: SubtreeHashes,
  indices: Iterable<number>,
  size: number,
): Promise<readonly Uint8Array[]> {
  mustCover(hashes, size);
  const sorted = sortedIndices(indices);
  const odd = sorted.find((index) => !isIndex(index, size));
  if (odd !== undefined) {
    throw new PawlError('LEDGER_POSITION', `There is no record ${odd} among the first ${size}.`, {
      context: { position: odd, size },
    });
  }
  const ranges: LeafRange[] = [];
  visit(sorted, size, {
    outside: (range) => ranges.push(range),
    leaf: () => undefined,
    joined: () => undefined,
  });
  return hashRanges(hashes, ranges);
}

/**
 * The root that a set of leaf hashes and their subset proof lead to. Whoever trusts the root for another reason (a signed
 * checkpoint) and finds it here knows that every leaf stands at its index of the tree of `size` leaves.
 *
 * @throws PawlError `PROOF_INVALID` when the proof is not one of this set and size
 */
export function rootFromSubset(
  leavesByIndex: ReadonlyMap<number, Uint8Array>,
  proof: readonly Uint8Array[],
  size: number,
): Uint8Array {
  const reader = new ProofReader('subset', proof);
  if (!Number.isSafeInteger(size) || size < 0) throw reader.refuse(`${size} is no number of records`);
  const sorted = sortedIndices(leavesByIndex.keys());
  for (const index of sorted) {
    if (!isIndex(index, size)) throw reader.refuse(`there is no record ${index} among the first ${size}`);
  }
  const stack: Uint8Array[] = [];
  visit(sorted, size, {
    outside: () => stack.push(reader.next()),
    leaf: (index) => stack.push(leavesByIndex.get(index) as Uint8Array),
    joined: () => {
      const right = stack.pop() as Uint8Array;
      stack.push(nodeHash(stack.pop() as Uint8Array, right));
    },
  });
  reader.end();
  return stack[0] ?? emptyRoot();
}

interface Visitor {
  /** A subtree without any leaf of the set. */
  outside(range: LeafRange): void;
  /** A leaf of the set. */
  leaf(index: number): void;
  /** The two subtrees visited last are the halves of one that is complete now. */
  joined(): void;
}

/** From left to right through the tree, no deeper than there are leaves of the set. Depth is the logarithm of the size. */
function visit(sorted: readonly number[], size: number, visitor: Visitor): void {
  const walk = (from: number, to: number, first: number, end: number): void => {
    if (first === end) {
      visitor.outside({ from, to });
    } else if (to - from === 1) {
      visitor.leaf(from);
    } else {
      const middle = from + splitOf(to - from);
      const firstRight = lowerBound(sorted, middle, first, end);
      walk(from, middle, first, firstRight);
      walk(middle, to, firstRight, end);
      visitor.joined();
    }
  };
  if (size > 0) walk(0, size, 0, sorted.length);
}

/** The first place from `first` to `end` whose index is not smaller than `limit`. */
function lowerBound(sorted: readonly number[], limit: number, first: number, end: number): number {
  let [low, high] = [first, end];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((sorted[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sortedIndices(indices: Iterable<number>): number[] {
  return [...new Set(indices)].sort((left, right) => left - right);
}

function isIndex(index: number, size: number): boolean {
  return Number.isSafeInteger(index) && index >= 0 && index < size;
}

import { PawlError } from '../../kernel/pawl-error.ts';
import { emptyRoot, nodeHash } from './tree-hash.ts';

/** A complete subtree: the 2^level leaves from index·2^level on. Level 0 is a leaf. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

/** Where proofs get their hashes from: the roots of complete subtrees of one tree. */
export interface SubtreeHashes {
  /** Leaves of the tree; subtrees within them can be read. */
  readonly size: number;
  /** The 32-byte root of each subtree, in the order asked for. One call for everything a proof needs. */
  read(subtrees: readonly Subtree[]): Promise<readonly Uint8Array[]>;
}

/** The leaves from `from` to before `to`, as RFC 6962 comes to them by splitting: never an arbitrary run. */
export interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** The largest power of two smaller than `count` (at least 2): where RFC 6962 splits a tree of `count` leaves. */
export function splitOf(count: number): number {
  // `<<` ends at 31 bits, and a tree does not.
  let split = 2 ** Math.floor(Math.log2(count));
  while (split >= count) split /= 2;
  while (split * 2 < count) split *= 2;
  return split;
}

/** The RFC 6962 hash of each range, from the hashes of the complete subtrees it is made of. */
export async function hashRanges(
  hashes: SubtreeHashes,
  ranges: readonly LeafRange[],
): Promise<readonly Uint8Array[]> {
  const pieces = ranges.map(completeSubtrees);
  const read = await hashes.read(pieces.flat());
  let end = 0;
  return pieces.map(({ length }) => {
    end += length;
    return joinRight(read.slice(end - length, end));
  });
}

/**
 * The root of the tree when it had `size` leaves.
 *
 * @throws PawlError `LEDGER_POSITION` when it does not have so many
 */
export async function rootAt(hashes: SubtreeHashes, size: number): Promise<Uint8Array> {
  mustCover(hashes, size);
  if (size === 0) return emptyRoot();
  const [root] = await hashRanges(hashes, [{ from: 0, to: size }]);
  return root as Uint8Array;
}

/** @throws PawlError `LEDGER_POSITION` when the tree has fewer than `size` leaves, or `size` is no number of leaves */
export function mustCover(hashes: SubtreeHashes, size: number): void {
  if (Number.isSafeInteger(size) && size >= 0 && size <= hashes.size) return;
  throw new PawlError('LEDGER_POSITION', `The tree has ${hashes.size} records; ${size} were asked for.`, {
    context: { size: hashes.size, asked: size },
  });
}

/** Root of a complete subtree over 2^n hashes. */
export function rootOfComplete(leaves: readonly Uint8Array[]): Uint8Array {
  let hashes = leaves;
  while (hashes.length > 1) {
    const above: Uint8Array[] = [];
    for (let index = 0; index < hashes.length; index += 2) {
      above.push(nodeHash(hashes[index] as Uint8Array, hashes[index + 1] as Uint8Array));
    }
    hashes = above;
  }
  return hashes[0] as Uint8Array;
}

/** The largest ones first, which is from the left. */
function completeSubtrees({ from, to }: LeafRange): Subtree[] {
  const subtrees: Subtree[] = [];
  for (let start = from; start < to; ) {
    const length = splitOf(to - start + 1);
    subtrees.push({ level: Math.round(Math.log2(length)), index: start / length });
    start += length;
  }
  return subtrees;
}

function joinRight(parts: readonly Uint8Array[]): Uint8Array {
  return parts.reduceRight((right, left) => nodeHash(left, right));
}

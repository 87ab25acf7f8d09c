import { PawlError } from '../../kernel/pawl-error.ts';
import { ProofReader } from './proof-reader.ts';
import { hashRanges, type LeafRange, mustCover, type SubtreeHashes, splitOf } from './subtree-hashes.ts';
import { emptyRoot, nodeHash } from './tree-hash.ts';

/**
 * Proof that the tree of `newSize` leaves begins with the tree of `oldSize` leaves: RFC 6962 section 2.1.2, in its order.
 * Empty when the sizes are equal, or the old tree was empty: then there is nothing to prove.
 *
 * @throws PawlError `LEDGER_POSITION` when the tree has fewer leaves, or the old one more than the new
 */
export async function consistencyProof(
  hashes: SubtreeHashes,
  oldSize: number,
  newSize: number,
): Promise<readonly Uint8Array[]> {
  mustCover(hashes, newSize);
  if (!Number.isSafeInteger(oldSize) || oldSize < 0 || oldSize > newSize) {
    throw new PawlError(
      'LEDGER_POSITION',
      `A tree of ${newSize} records does not begin with one of ${oldSize}.`,
      {
        context: { oldSize, newSize },
      },
    );
  }
  return hashRanges(hashes, consistencyRanges(oldSize, newSize));
}

/**
 * Checks that the tree of `newSize` leaves with `newRoot` only adds to the tree of `oldSize` leaves with `oldRoot`.
 *
 * @throws PawlError `PROOF_INVALID`
 */
export function verifyConsistency(
  oldSize: number,
  oldRoot: Uint8Array,
  newSize: number,
  newRoot: Uint8Array,
  proof: readonly Uint8Array[],
): void {
  const reader = new ProofReader('consistency', proof);
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(newSize) || oldSize < 0 || oldSize > newSize) {
    throw reader.refuse(`a tree of ${newSize} records does not begin with one of ${oldSize}`);
  }
  const trees = `the ${newSize} records do not begin with the ${oldSize}`;
  if (oldSize === 0 || oldSize === newSize) {
    reader.end();
    reader.mustBe(oldRoot, oldSize === 0 ? emptyRoot() : newRoot, trees);
    return;
  }
  const ranges = consistencyRanges(oldSize, newSize);
  // An old tree that is one complete subtree of the new one is not repeated in the proof: its hash is the old root.
  const isWhole = (ranges[0] as LeafRange).from >= oldSize;
  let before = isWhole ? oldRoot : reader.next();
  let after = before;
  for (const { from } of isWhole ? ranges : ranges.slice(1)) {
    const hash = reader.next();
    if (from < oldSize) {
      before = nodeHash(hash, before);
      after = nodeHash(hash, after);
    } else {
      after = nodeHash(after, hash);
    }
  }
  reader.end();
  reader.mustBe(before, oldRoot, trees);
  reader.mustBe(after, newRoot, trees);
}

/** SUBPROOF of RFC 6962 section 2.1.2, unrolled, in the order of the proof. */
function consistencyRanges(oldSize: number, newSize: number): LeafRange[] {
  if (oldSize === 0) return [];
  const ranges: LeafRange[] = [];
  let [from, to] = [0, newSize];
  while (to !== oldSize) {
    const middle = from + splitOf(to - from);
    if (oldSize <= middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  // Reached without ever going right, the old tree itself stands here, which the verifier has.
  if (from > 0) ranges.push({ from, to });
  return ranges.reverse();
}

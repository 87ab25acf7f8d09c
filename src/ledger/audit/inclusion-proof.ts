import { PawlError } from '../../kernel/pawl-error.ts';
import { ProofReader } from './proof-reader.ts';
import { hashRanges, type LeafRange, mustCover, type SubtreeHashes, splitOf } from './subtree-hashes.ts';
import { nodeHash } from './tree-hash.ts';

/**
 * Proof that the leaf at `index` is in the tree of the first `size` leaves: the audit path of RFC 6962 section 2.1.1, from the
 * leaf's sibling up to a child of the root. At most one 32-byte hash per level.
 *
 * @throws PawlError `LEDGER_POSITION` when the tree has fewer leaves, or the index is not among them
 */
export async function inclusionProof(
  hashes: SubtreeHashes,
  index: number,
  size: number,
): Promise<readonly Uint8Array[]> {
  mustCover(hashes, size);
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new PawlError('LEDGER_POSITION', `There is no record ${index} among the first ${size}.`, {
      context: { position: index, size },
    });
  }
  return hashRanges(hashes, siblings(index, size));
}

/**
 * Checks that `leaf` (the leaf hash, not the record) is at `index` of the tree of `size` leaves with this root.
 *
 * @throws PawlError `PROOF_INVALID`
 */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): void {
  const reader = new ProofReader('inclusion', proof);
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw reader.refuse(`there is no record ${index} among the first ${size}`);
  }
  let hash = leaf;
  for (const { from } of siblings(index, size)) {
    const sibling = reader.next();
    hash = from < index ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
  }
  reader.end();
  reader.mustBe(hash, root, `record ${index} is not in the tree of ${size} records that the root is of`);
}

/** What lies beside the path from a leaf to the root, beginning at the leaf. */
function siblings(index: number, size: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  for (let from = 0, to = size; to - from > 1; ) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  return ranges.reverse();
}

import type { LeafSource } from '../../../src/ledger/audit/leaf-tiles.ts';
import { emptyRoot, leafHash, nodeHash } from '../../../src/ledger/audit/tree-hash.ts';

/** The eight records that Certificate Transparency logs test with. */
export const ctRecords = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'));

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Leaves that are all different, for trees of any size. */
export function someLeaves(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => leafHash(Buffer.from(`record ${index}`)));
}

/** As a store hands leaves out, in batches of an awkward size. */
export function leafSource(
  leaves: readonly Uint8Array[],
  batch = 100,
): LeafSource & { readonly readings: number[] } {
  const readings: number[] = [];
  return {
    readings,
    async *readLeaves(from = 0) {
      readings.push(from);
      for (let next = from; next < leaves.length; next += batch) yield leaves.slice(next, next + batch);
    },
  };
}

/** MTH of RFC 6962 section 2.1, word for word, over leaf hashes. */
export function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return emptyRoot();
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  const split = naiveSplit(leaves.length);
  return nodeHash(naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)));
}

/** PATH(m, D[n]) of RFC 6962 section 2.1.1. */
export function naivePath(index: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return [];
  const split = naiveSplit(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...naivePath(index, left), naiveRoot(right)]
    : [...naivePath(index - split, right), naiveRoot(left)];
}

/** SUBPROOF(m, D[n], b) of RFC 6962 section 2.1.2. PROOF(m, D[n]) is with b = true. */
export function naiveConsistency(oldSize: number, leaves: readonly Uint8Array[], whole = true): Uint8Array[] {
  if (oldSize === leaves.length) return whole ? [] : [naiveRoot(leaves)];
  const split = naiveSplit(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return oldSize <= split
    ? [...naiveConsistency(oldSize, left, whole), naiveRoot(right)]
    : [...naiveConsistency(oldSize - split, right, false), naiveRoot(left)];
}

function naiveSplit(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

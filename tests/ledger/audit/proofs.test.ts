import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { consistencyProof, verifyConsistency } from '../../../src/ledger/audit/consistency-proof.ts';
import { inclusionProof, verifyInclusion } from '../../../src/ledger/audit/inclusion-proof.ts';
import { StoreTree } from '../../../src/ledger/audit/store-tree.ts';
import { rootFromSubset, subsetProof } from '../../../src/ledger/audit/subset-proof.ts';
import { rootAt, splitOf } from '../../../src/ledger/audit/subtree-hashes.ts';
import { emptyRoot, leafHash } from '../../../src/ledger/audit/tree-hash.ts';
import {
  ctRecords,
  hex,
  leafSource,
  naiveConsistency,
  naivePath,
  naiveRoot,
  someLeaves,
} from './naive-tree.ts';

const treeOf = (leaves: readonly Uint8Array[]) => StoreTree.read(leafSource(leaves), leaves.length);
const refused = expect.objectContaining({ code: 'PROOF_INVALID' });
const outOfReach = expect.objectContaining({ code: 'LEDGER_POSITION' });
const sizesMax = 130;
const leaves = someLeaves(sizesMax);
const tree = await treeOf(leaves);
const roots = Array.from({ length: sizesMax + 1 }, (_, size) => naiveRoot(leaves.slice(0, size)));
const rootOf = (size: number) => roots[size] as Uint8Array;
const leafOf = (index: number) => leaves[index] as Uint8Array;

/** Every way to spoil a proof a little: a bit flipped, a hash dropped, doubled, exchanged, cut or added. */
function spoiled(proof: readonly Uint8Array[]): Uint8Array[][] {
  const all: Uint8Array[][] = [[...proof, new Uint8Array(32)]];
  for (const [place, hash] of proof.entries()) {
    const replaced = (...by: Uint8Array[]) => [...proof.slice(0, place), ...by, ...proof.slice(place + 1)];
    const flipped = Uint8Array.from(hash);
    flipped[place % 32] = (flipped[place % 32] ?? 0) ^ 1;
    all.push(
      replaced(flipped),
      replaced(),
      replaced(hash, hash),
      replaced(hash.subarray(1)),
      replaced(new Uint8Array(0)),
    );
    const next = proof[place + 1];
    if (next !== undefined) all.push([...proof.slice(0, place), next, hash, ...proof.slice(place + 2)]);
  }
  return all;
}

describe('proofs about the tree of the test vectors', async () => {
  const ct = ctRecords.map((record) => leafHash(record));
  const ctTree = await treeOf(ct);
  const node = {
    a: '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
    b: '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
    c: '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    d: 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    e: 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    f: 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    g: 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    h: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    i: '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
  };

  test.each([
    [0, 1, []],
    [0, 8, [node.a, node.b, node.c]],
    [5, 8, [node.d, node.e, node.f]],
    [2, 3, [node.g]],
    [1, 5, [node.h, node.b, node.d]],
  ])('record %i in the first %i', async (index, size, proof) => {
    expect((await inclusionProof(ctTree, index, size)).map(hex)).toEqual(proof);
  });

  test.each([
    [1, 1, []],
    [1, 8, [node.a, node.b, node.c]],
    [6, 8, [node.i, node.e, node.f]],
    [2, 5, [node.b, node.d]],
  ])('the first %i in the first %i', async (oldSize, newSize, proof) => {
    expect((await consistencyProof(ctTree, oldSize, newSize)).map(hex)).toEqual(proof);
  });

  /** RFC 6962 section 2.1.3: the example of seven leaves, by the names of its nodes. */
  test('are those of the example in RFC 6962', async () => {
    const at = (...range: [number, number]) => hex(naiveRoot(ct.slice(...range)));
    const [a, b, c, d, e, f] = [0, 1, 2, 3, 4, 5].map((index) => at(index, index + 1));
    const j = at(6, 7);
    const [g, h, i, k, l] = [at(0, 2), at(2, 4), at(4, 6), at(0, 4), at(4, 7)];
    const path = async (index: number) => (await inclusionProof(ctTree, index, 7)).map(hex);
    expect([await path(0), await path(3), await path(4), await path(6)]).toEqual([
      [b, h, l],
      [c, g, l],
      [f, j, k],
      [i, k],
    ]);
    const proof = async (size: number) => (await consistencyProof(ctTree, size, 7)).map(hex);
    expect([await proof(3), await proof(4), await proof(6)]).toEqual([[c, d, g, l], [l], [i, j, k]]);
    expect([a, e]).not.toContain(undefined);
  });
});

describe('the root', () => {
  test('of every earlier size is found again', async () => {
    for (let size = 0; size <= sizesMax; size += 1) {
      expect(hex(await rootAt(tree, size)), `of ${size}`).toBe(hex(rootOf(size)));
    }
    await expect(rootAt(tree, sizesMax + 1)).rejects.toThrow(outOfReach);
    await expect(rootAt(tree, -1)).rejects.toThrow(outOfReach);
    await expect(rootAt(tree, 1.5)).rejects.toThrow(outOfReach);
  });

  test('splits at the largest power of two below, up to the largest number', () => {
    for (let power = 1; power <= 52; power += 1) {
      expect([2 ** power, 2 ** power + 1, 2 ** (power + 1) - 1].map(splitOf)).toEqual(
        power === 1 ? [1, 2, 2] : [2 ** (power - 1), 2 ** power, 2 ** power],
      );
    }
  });
});

describe('an inclusion proof', () => {
  test('is the path of RFC 6962 for every record of every tree, and holds', async () => {
    for (let size = 1; size <= sizesMax; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = await inclusionProof(tree, index, size);
        expect(proof.map(hex)).toEqual(naivePath(index, leaves.slice(0, size)).map(hex));
        verifyInclusion(leafOf(index), index, size, proof, rootOf(size));
      }
    }
  });

  test('holds for no other record, place, size or root, nor spoiled', async () => {
    for (const size of [1, 2, 3, 7, 8, 20, 33]) {
      for (let index = 0; index < size; index += 1) {
        const proof = await inclusionProof(tree, index, size);
        const check = (
          leaf: Uint8Array,
          at: number,
          of: number,
          by: readonly Uint8Array[],
          root: Uint8Array,
        ) => expect(() => verifyInclusion(leaf, at, of, by, root), `${index} of ${size}`).toThrow(refused);
        check(leafOf(index + 1), index, size, proof, rootOf(size));
        check(leafOf(index), index, size, proof, rootOf(size + 1));
        for (let at = 0; at < size; at += 1)
          if (at !== index) check(leafOf(index), at, size, proof, rootOf(size));
        for (const bad of spoiled(proof)) check(leafOf(index), index, size, bad, rootOf(size));
      }
    }
  });

  test('is refused for places that are none', async () => {
    for (const [index, size] of [
      [0, 0],
      [1, 1],
      [-1, 3],
      [0.5, 3],
      [Number.NaN, 3],
      [0, sizesMax + 1],
      [0, 2 ** 53],
    ] as const) {
      await expect(inclusionProof(tree, index, size)).rejects.toThrow(outOfReach);
      if (size === sizesMax + 1) continue;
      expect(() => verifyInclusion(leafOf(0), index, size, [], leafOf(0))).toThrow(refused);
    }
  });

  test('says what is wrong', () => {
    const message = (run: () => void) => {
      try {
        run();
      } catch (error) {
        return (error as Error).message;
      }
      return 'it holds';
    };
    expect([
      message(() => verifyInclusion(leafOf(0), 0, 4, [leafOf(1)], rootOf(4))),
      message(() => verifyInclusion(leafOf(0), 0, 2, [leafOf(1), leafOf(2)], rootOf(2))),
      message(() => verifyInclusion(leafOf(0), 0, 2, [leafOf(2)], rootOf(2))),
      message(() => verifyInclusion(leafOf(0), 2, 2, [], rootOf(2))),
      message(() => verifyInclusion(leafOf(0), 0, 2, [new Uint8Array(31)], rootOf(2))),
    ]).toEqual([
      'The inclusion proof does not hold: the proof ends after 1 hashes.',
      'The inclusion proof does not hold: the proof has 1 hashes too many.',
      'The inclusion proof does not hold: record 0 is not in the tree of 2 records that the root is of.',
      'The inclusion proof does not hold: there is no record 2 among the first 2.',
      'The inclusion proof does not hold: hash 0 of the proof has 31 bytes.',
    ]);
  });
});

describe('a consistency proof', () => {
  test('is the proof of RFC 6962 between any two trees, and holds', async () => {
    for (let newSize = 1; newSize <= sizesMax; newSize += 1) {
      for (let oldSize = 1; oldSize <= newSize; oldSize += 1) {
        const proof = await consistencyProof(tree, oldSize, newSize);
        expect(proof.map(hex)).toEqual(naiveConsistency(oldSize, leaves.slice(0, newSize)).map(hex));
        verifyConsistency(oldSize, rootOf(oldSize), newSize, rootOf(newSize), proof);
      }
    }
  });

  test('from nothing is empty, and holds for the empty root only', async () => {
    for (const newSize of [0, 1, 5]) {
      expect(await consistencyProof(tree, 0, newSize)).toEqual([]);
      verifyConsistency(0, emptyRoot(), newSize, rootOf(newSize), []);
      expect(() => verifyConsistency(0, rootOf(1), newSize, rootOf(newSize), [])).toThrow(refused);
      expect(() => verifyConsistency(0, emptyRoot(), newSize, rootOf(newSize), [rootOf(1)])).toThrow(refused);
    }
  });

  test('holds for no other size or root, nor spoiled', async () => {
    for (let newSize = 1; newSize <= 20; newSize += 1) {
      for (let oldSize = 1; oldSize <= newSize; oldSize += 1) {
        const proof = await consistencyProof(tree, oldSize, newSize);
        const check = (
          old: number,
          oldRoot: Uint8Array,
          size: number,
          root: Uint8Array,
          by: readonly Uint8Array[],
        ) =>
          expect(() => verifyConsistency(old, oldRoot, size, root, by), `${oldSize} of ${newSize}`).toThrow(
            refused,
          );
        check(oldSize, rootOf(oldSize + 1), newSize, rootOf(newSize), proof);
        check(oldSize, rootOf(oldSize), newSize, rootOf(newSize + 1), proof);
        check(oldSize + 1, rootOf(oldSize), newSize, rootOf(newSize), proof);
        check(newSize + 1, rootOf(newSize), oldSize, rootOf(oldSize), proof);
        for (const bad of spoiled(proof)) check(oldSize, rootOf(oldSize), newSize, rootOf(newSize), bad);
      }
    }
  });

  test('is refused for sizes that are none', async () => {
    for (const [oldSize, newSize] of [
      [3, 2],
      [-1, 2],
      [0.5, 2],
      [Number.NaN, 2],
      [0, -1],
      [1, 2 ** 53],
    ] as const) {
      await expect(consistencyProof(tree, oldSize, newSize)).rejects.toThrow(outOfReach);
      expect(() => verifyConsistency(oldSize, rootOf(1), newSize, rootOf(2), [])).toThrow(refused);
    }
  });
});

describe('a subset proof', () => {
  const subsetOf = (indices: readonly number[]) => new Map(indices.map((index) => [index, leafOf(index)]));

  test('of one leaf holds the hashes of its inclusion proof', async () => {
    for (const size of [1, 2, 3, 50, 64, sizesMax]) {
      for (let index = 0; index < size; index += 1) {
        const subset = (await subsetProof(tree, [index], size)).map(hex);
        const inclusion = (await inclusionProof(tree, index, size)).map(hex);
        expect(subset.toSorted()).toEqual(inclusion.toSorted());
      }
    }
  });

  test('of nothing is the root, and of everything is nothing', async () => {
    for (let size = 0; size <= sizesMax; size += 1) {
      const nothing = await subsetProof(tree, [], size);
      expect(nothing.map(hex)).toEqual(size === 0 ? [] : [hex(rootOf(size))]);
      expect(hex(rootFromSubset(new Map(), nothing, size))).toBe(hex(rootOf(size)));
      const all = Array.from({ length: size }, (_, index) => index);
      if (size > 0) expect(await subsetProof(tree, all, size)).toEqual([]);
      expect(hex(rootFromSubset(subsetOf(all), [], size))).toBe(hex(rootOf(size)));
    }
  });

  test('of every subset of small trees leads to the root', async () => {
    for (let size = 1; size <= 9; size += 1) {
      for (let set = 0; set < 2 ** size; set += 1) {
        const indices = Array.from({ length: size }, (_, index) => index).filter(
          (index) => (set >> index) % 2 === 1,
        );
        const proof = await subsetProof(tree, indices, size);
        expect(hex(rootFromSubset(subsetOf(indices), proof, size))).toBe(hex(rootOf(size)));
      }
    }
  });

  test('of any subset, in any order, leads to the root and is minimal', async () => {
    const subset = fc
      .integer({ min: 1, max: sizesMax })
      .chain((size) => fc.tuple(fc.constant(size), fc.array(fc.nat(size - 1), { minLength: 1 })));
    await fc.assert(
      fc.asyncProperty(subset, async ([size, indices]) => {
        const proof = await subsetProof(tree, indices, size);
        expect(hex(rootFromSubset(subsetOf(indices), proof, size))).toBe(hex(rootOf(size)));
        const single = new Set<string>();
        for (const index of new Set(indices)) {
          for (const hash of await inclusionProof(tree, index, size)) single.add(hex(hash));
        }
        // What all inclusion proofs say together, without what follows from the leaves of the set.
        expect(proof.every((hash) => single.has(hex(hash)))).toBe(true);
        expect(new Set(proof.map(hex)).size).toBe(proof.length);
      }),
    );
  });

  test('of another leaf, place, set or size, or spoiled, leads elsewhere or nowhere', async () => {
    const size = 21;
    const indices = [0, 3, 4, 11, 20];
    const proof = await subsetProof(tree, indices, size);
    const misses = (given: ReadonlyMap<number, Uint8Array>, by: readonly Uint8Array[], of: number) => {
      try {
        return hex(rootFromSubset(given, by, of)) !== hex(rootOf(size));
      } catch (error) {
        expect(error).toEqual(refused);
        return true;
      }
    };
    expect(misses(subsetOf(indices), proof, size)).toBe(false);
    for (const index of indices) {
      expect(misses(subsetOf(indices.filter((other) => other !== index)), proof, size)).toBe(true);
      expect(misses(new Map([...subsetOf(indices), [index, leafOf(index + 1)]]), proof, size)).toBe(true);
      for (let to = 0; to < size; to += 1) {
        if (indices.includes(to)) continue;
        const moved = indices.map((other): [number, Uint8Array] => [
          other === index ? to : other,
          leafOf(other),
        ]);
        expect(misses(new Map(moved), proof, size), `${index} as ${to}`).toBe(true);
      }
    }
    for (const bad of spoiled(proof)) expect(misses(subsetOf(indices), bad, size)).toBe(true);
    for (const other of [20, 22, 23, 32, 2 ** 40]) {
      if (other === 20) expect(() => rootFromSubset(subsetOf(indices), proof, other)).toThrow(refused);
      else expect(misses(subsetOf(indices), proof, other), `size ${other}`).toBe(true);
    }
  });

  test('is refused for places that are none', async () => {
    for (const index of [-1, 5, 0.5, Number.NaN]) {
      await expect(subsetProof(tree, [index], 5)).rejects.toThrow(outOfReach);
      expect(() => rootFromSubset(new Map([[index, leafOf(0)]]), [], 5)).toThrow(refused);
    }
    await expect(subsetProof(tree, [], sizesMax + 1)).rejects.toThrow(outOfReach);
    for (const size of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => rootFromSubset(new Map(), [rootOf(1)], size)).toThrow(refused);
    }
  });

  test('of a tree as large as a number can say is checked at once', () => {
    const size = Number.MAX_SAFE_INTEGER;
    const proof = Array.from({ length: 53 }, (_, index) => leafOf(index));
    expect(rootFromSubset(new Map([[0, leafOf(60)]]), proof, size)).toHaveLength(32);
  });
});

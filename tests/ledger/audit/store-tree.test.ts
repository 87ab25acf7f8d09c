import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { consistencyProof, verifyConsistency } from '../../../src/ledger/audit/consistency-proof.ts';
import { inclusionProof, verifyInclusion } from '../../../src/ledger/audit/inclusion-proof.ts';
import { StoreTree } from '../../../src/ledger/audit/store-tree.ts';
import { rootFromSubset, subsetProof } from '../../../src/ledger/audit/subset-proof.ts';
import { rootAt } from '../../../src/ledger/audit/subtree-hashes.ts';
import { TreeFrontier } from '../../../src/ledger/audit/tree-frontier.ts';
import { hex, leafSource, someLeaves } from './naive-tree.ts';

const size = 10_000;
const leaves = someLeaves(size);
const roots = [new TreeFrontier().root()];
const frontier = new TreeFrontier();
for (const leaf of leaves) {
  frontier.append(leaf);
  roots.push(frontier.root());
}
const rootOf = (of: number) => roots[of] as Uint8Array;

describe('the tree over the leaves of a store', async () => {
  const source = leafSource(leaves, 333);
  const tree = await StoreTree.read(source, size);

  test('is built in one pass', () => {
    expect(source.readings[0]).toBe(0);
    expect(tree.size).toBe(size);
  });

  test('knows the root of every size, around every boundary of its tiles', async () => {
    for (const of of [
      0, 1, 255, 256, 257, 511, 512, 513, 4095, 4096, 4097, 8192, 8193, 9984, 9985, 9999, 10_000,
    ]) {
      expect(hex(await rootAt(tree, of)), `of ${of}`).toBe(hex(rootOf(of)));
    }
  });

  test('proves any record and any two sizes', async () => {
    const two = fc
      .tuple(fc.nat(size), fc.nat(size))
      .map(([left, right]) => [left, right].sort((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(two, async ([low = 0, high = 0]) => {
        const consistency = await consistencyProof(tree, low, high);
        verifyConsistency(low, rootOf(low), high, rootOf(high), consistency);
        if (low === high) return;
        const inclusion = await inclusionProof(tree, low, high);
        verifyInclusion(leaves[low] as Uint8Array, low, high, inclusion, rootOf(high));
      }),
    );
  });

  test('proves sets of records', async () => {
    const set = fc.array(fc.nat(9_700), { maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(set, fc.integer({ min: 9_701, max: size }), async (indices, of) => {
        const proof = await subsetProof(tree, indices, of);
        const given = new Map(indices.map((index) => [index, leaves[index] as Uint8Array]));
        expect(hex(rootFromSubset(given, proof, of))).toBe(hex(rootOf(of)));
      }),
      { numRuns: 30 },
    );
  });

  test('reads tiles again in runs: near ones together, far ones each for itself', async () => {
    const before = source.readings.length;
    await inclusionProof(tree, 5, size);
    expect(source.readings.slice(before)).toEqual([0, 9984]);
    await subsetProof(tree, [0, 300, 600, 9_000], size);
    expect(source.readings.slice(before + 2)).toEqual([0, 8960]);
  });

  test('grows as the ledger grows, wherever it is stopped', async () => {
    const growing = await StoreTree.read(leafSource(leaves), 0);
    for (const to of [1, 200, 256, 300, 299, 511, 513, 5_000, 5_000, size]) {
      await growing.grow(to);
      expect(hex(await rootAt(growing, growing.size))).toBe(hex(rootOf(growing.size)));
    }
    expect(growing.size).toBe(size);
  });

  test('promises no record that is not there', async () => {
    const short = leafSource(leaves.slice(0, 700));
    const outOfReach = expect.objectContaining({
      code: 'LEDGER_POSITION',
      message: 'The ledger has 700 records; 701 were asked for.',
    });
    await expect(StoreTree.read(short, 701)).rejects.toThrow(outOfReach);
    const growing = await StoreTree.read(short, 10);
    await expect(growing.grow(701)).rejects.toThrow(outOfReach);
    expect(growing.size).toBe(10);
    await growing.grow(700);
    expect(hex(await rootAt(growing, 700))).toBe(hex(rootOf(700)));
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TreeFrontier } from '../../src/ledger/audit/tree-frontier.ts';
import { emptyRoot, leafHash, nodeHash } from '../../src/ledger/audit/tree-hash.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The eight leaves, and the roots over the first n of them, that Certificate Transparency logs test with. */
const leaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** RFC 6962 section 2.1, word for word: split at the largest power of two smaller than n. */
function naiveRoot(records: readonly Uint8Array[]): Uint8Array {
  if (records.length === 0) return emptyRoot();
  if (records.length === 1) return leafHash(records[0] as Uint8Array);
  let split = 1;
  while (split * 2 < records.length) split *= 2;
  return nodeHash(naiveRoot(records.slice(0, split)), naiveRoot(records.slice(split)));
}

describe('the RFC 6962 tree', () => {
  test('has the known roots', () => {
    const tree = new TreeFrontier();
    expect(hex(tree.root())).toBe(roots[0]);
    for (const [index, leaf] of leaves.entries()) {
      tree.append(leafHash(Buffer.from(leaf, 'hex')));
      expect([tree.size, hex(tree.root())]).toEqual([index + 1, roots[index + 1]]);
    }
  });

  test('tells a leaf from a node with the same content', () => {
    const [left, right] = [leafHash(Buffer.from('a')), leafHash(Buffer.from('b'))];
    expect(hex(nodeHash(left, right))).not.toBe(hex(leafHash(Buffer.concat([left, right]))));
  });

  test('hashes a record alike wherever its bytes lie', () => {
    for (const before of [0, 1, 255]) {
      const buffer = Uint8Array.from([before, 1, 2, 3, 4]);
      expect(hex(leafHash(buffer.subarray(1)))).toBe(hex(leafHash(Uint8Array.from([1, 2, 3, 4]))));
    }
  });

  test('is the recursive definition, for any records, wherever it was saved and restored', () => {
    const records = fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 130 });
    fc.assert(
      fc.property(records, fc.nat(130), (given, restoreAt) => {
        let tree = new TreeFrontier();
        for (const [index, record] of given.entries()) {
          if (index === restoreAt) tree = TreeFrontier.restore(tree.state());
          tree.append(leafHash(record));
        }
        expect(hex(tree.root())).toBe(hex(naiveRoot(given)));
        expect(tree.size).toBe(given.length);
      }),
      { numRuns: 150 },
    );
  });

  test('refuses a state that cannot be', () => {
    for (const [size, bytes] of [
      [0, 32],
      [3, 32],
      [4, 31],
      [2 ** 40, 0],
    ] as const) {
      expect(() => TreeFrontier.restore({ size, roots: new Uint8Array(bytes) })).toThrow(
        expect.objectContaining({ code: 'LEDGER_CORRUPT' }),
      );
    }
  });
});

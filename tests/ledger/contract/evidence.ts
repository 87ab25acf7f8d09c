import { describe, expect, test } from 'vitest';
import { sha256Hex } from '../../../src/kernel/digest.ts';
import { TreeFrontier } from '../../../src/ledger/audit/tree-frontier.ts';
import { leafHash } from '../../../src/ledger/audit/tree-hash.ts';
import type { StoredRecord } from '../../../src/ledger/event-store.ts';
import { collect, record, request } from '../record-factory.ts';
import { type OpenStore, openUntilFinished } from './open-until-finished.ts';

/** Leaves and the tree over them. */
export function evidenceContract(name: string, open: OpenStore): void {
  describe(`${name}: evidence`, () => {
    test('reads leaves alone, from a position on, over many pages', async () => {
      const store = await openUntilFinished(open);
      const count = 9000;
      const records = Array.from({ length: count }, (_, index) => record(index));
      await store.append(request('a', -1, records));
      const leaves = async (from?: number): Promise<string[]> =>
        (await collect(store.readLeaves(from))).flat().map((leaf) => Buffer.from(leaf).toString('hex'));
      const expected = records.map(({ bytes }) => Buffer.from(leafHash(bytes)).toString('hex'));
      expect(await leaves()).toEqual(expected);
      expect(await leaves(count - 3)).toEqual(expected.slice(-3));
      expect(await leaves(count)).toEqual([]);
    });

    test('gives every record its RFC 6962 leaf and the tree its root', async () => {
      const store = await openUntilFinished(open);
      const empty = await store.head();
      expect({ ...empty, roots: [...empty.roots] }).toEqual({
        size: 0,
        root: Buffer.from(sha256Hex(''), 'hex'),
        roots: [],
      });
      const tree = new TreeFrontier();
      for (let index = 0; index < 40; index += 1) {
        await store.append(request(`s${index % 5}`, Math.floor(index / 5) - 1, [record(index)]));
        tree.append(leafHash(record(index).bytes));
        const head = await store.head();
        expect([head.size, Buffer.from(head.root).toString('hex')]).toEqual([
          index + 1,
          Buffer.from(tree.root()).toString('hex'),
        ]);
      }
      const leaves = (await collect(store.readAll())).map((stored: StoredRecord) => Buffer.from(stored.leaf));
      expect(leaves).toEqual(
        Array.from({ length: 40 }, (_, index) => Buffer.from(leafHash(record(index).bytes))),
      );
    });
  });
}

import { HashList } from './hash-list.ts';
import { type LeafSource, readLeafTiles, tileLeaves } from './leaf-tiles.ts';
import { mustCover, rootOfComplete, type Subtree, type SubtreeHashes } from './subtree-hashes.ts';
import { nodeHash } from './tree-hash.ts';

/** Level of the smallest subtrees whose roots are kept: those of 256 leaves. */
const tileLevel = Math.log2(tileLeaves);

/**
 * The tree over the leaves of a store, read once. It keeps the roots of complete subtrees from 256 leaves on (64 bytes per 256
 * records: 250 KB for a million) and reads the leaves below them again when a proof asks for them, each at most once per
 * `read`. Building it takes one pass over the leaf hashes and one hash per record.
 */
export class StoreTree implements SubtreeHashes {
  readonly #source: LeafSource;
  /** Roots of the complete subtrees of level 8, 9, … by index. */
  readonly #levels: HashList[] = [];
  #size = 0;

  private constructor(source: LeafSource) {
    this.#source = source;
  }

  /**
   * The tree over the first `size` records.
   *
   * @throws PawlError `LEDGER_POSITION` when there are fewer, and those of `EventStore.readLeaves`
   */
  static async read(source: LeafSource, size: number): Promise<StoreTree> {
    const tree = new StoreTree(source);
    await tree.grow(size);
    return tree;
  }

  get size(): number {
    return this.#size;
  }

  /** Takes in what was appended since, up to `size` records; never fewer than before. Errors as for `read`. */
  async grow(size: number): Promise<void> {
    if (size <= this.#size) return;
    const known = this.#levels[0]?.length ?? 0;
    const tiles = Array.from({ length: Math.ceil(size / tileLeaves) - known }, (_, index) => known + index);
    for await (const { leaves } of readLeafTiles(this.#source, tiles, size)) {
      // An incomplete tile is read to see that it is there, and again when it is needed.
      if (leaves.length === tileLeaves) this.#push(0, rootOfComplete(leaves));
    }
    this.#size = size;
  }

  async read(subtrees: readonly Subtree[]): Promise<readonly Uint8Array[]> {
    const hashes = new Array<Uint8Array>(subtrees.length);
    const placesByTile = new Map<number, number[]>();
    for (const [place, { level, index }] of subtrees.entries()) {
      mustCover(this, (index + 1) * 2 ** level);
      if (level >= tileLevel) {
        hashes[place] = (this.#levels[level - tileLevel] as HashList).at(index);
        continue;
      }
      const tile = Math.floor((index * 2 ** level) / tileLeaves);
      const places = placesByTile.get(tile);
      if (places === undefined) placesByTile.set(tile, [place]);
      else places.push(place);
    }
    const tiles = [...placesByTile.keys()].sort((left, right) => left - right);
    for await (const { tile, leaves } of readLeafTiles(this.#source, tiles, this.#size)) {
      for (const place of placesByTile.get(tile) ?? []) {
        const { level, index } = subtrees[place] as Subtree;
        const first = index * 2 ** level - tile * tileLeaves;
        hashes[place] = rootOfComplete(leaves.slice(first, first + 2 ** level));
      }
    }
    return hashes;
  }

  #push(level: number, hash: Uint8Array): void {
    this.#levels[level] ??= new HashList();
    const list = this.#levels[level];
    list.push(hash);
    const { length } = list;
    if (length % 2 === 0) this.#push(level + 1, nodeHash(list.at(length - 2), list.at(length - 1)));
  }
}

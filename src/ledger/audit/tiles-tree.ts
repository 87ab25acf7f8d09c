import { tileLeaves } from './leaf-tiles.ts';
import type { SignedCheckpoint } from './signed-checkpoints.ts';
import { mustCover, rootAt, rootOfComplete, type Subtree, type SubtreeHashes } from './subtree-hashes.ts';
import { widthOfLevel } from './tile-path.ts';
import { readHashTile, readPublished, tilesDiffer } from './tiles-files.ts';
import { hashBytes } from './tree-hash.ts';

/** Levels of the tree between two levels of tiles. */
const levelsPerTile = Math.log2(tileLeaves);

/**
 * A tree as a directory of tiles holds it, without the ledger: proofs can be made from it by whoever has only the directory.
 * Each tile is read at most once per `read`. What it reads is not authenticated; the proofs are, when they are verified.
 */
export class TilesTree implements SubtreeHashes {
  readonly size: number;
  readonly #directory: string;

  constructor(directory: string, size: number) {
    this.#directory = directory;
    this.size = size;
  }

  /** @throws PawlError `TILES_DIFFER` when a tile is missing or has another length */
  async read(subtrees: readonly Subtree[]): Promise<readonly Uint8Array[]> {
    const hashes = new Array<Uint8Array>(subtrees.length);
    const placesByTile = new Map<string, number[]>();
    for (const [place, subtree] of subtrees.entries()) {
      mustCover(this, (subtree.index + 1) * 2 ** subtree.level);
      const { level, index } = tileUnder(subtree);
      const key = `${level} ${index}`;
      const places = placesByTile.get(key);
      if (places === undefined) placesByTile.set(key, [place]);
      else places.push(place);
    }
    for (const places of placesByTile.values()) {
      const { level, index } = tileUnder(subtrees[places[0] as number] as Subtree);
      const width = Math.min(tileLeaves, widthOfLevel(level, this.size) - index * tileLeaves);
      const tile = await readHashTile(this.#directory, { level, index, width });
      for (const place of places) hashes[place] = rootWithin(tile, index, subtrees[place] as Subtree);
    }
    return hashes;
  }
}

/**
 * Opens a directory of tiles: its checkpoint, signed by one of the keys, and the tree, whose tiles lead to that root.
 *
 * @throws PawlError `TILES_DIFFER` when there is none, or the tiles do not lead there
 */
export async function openTiles(
  directory: string,
  verifierKeys: readonly string[],
): Promise<{ readonly published: SignedCheckpoint; readonly tree: TilesTree }> {
  const published = await readPublished(directory, verifierKeys);
  if (published === undefined) throw tilesDiffer(`${directory} holds no checkpoint`);
  const { size, root } = published.checkpoint;
  const tree = new TilesTree(directory, size);
  if (Buffer.compare(await rootAt(tree, size), root) !== 0) {
    throw tilesDiffer(`The tiles in ${directory} do not lead to the root of their checkpoint`);
  }
  return { published, tree };
}

/** The tile whose hashes a subtree is made of. */
function tileUnder({ level, index }: Subtree): { readonly level: number; readonly index: number } {
  const tileLevel = Math.floor(level / levelsPerTile);
  const firstHash = index * 2 ** (level % levelsPerTile);
  return { level: tileLevel, index: Math.floor(firstHash / tileLeaves) };
}

function rootWithin(tile: Uint8Array, tileIndex: number, { level, index }: Subtree): Uint8Array {
  const count = 2 ** (level % levelsPerTile);
  const first = index * count - tileIndex * tileLeaves;
  const hashes = Array.from({ length: count }, (_, place) =>
    tile.subarray((first + place) * hashBytes, (first + place + 1) * hashBytes),
  );
  return rootOfComplete(hashes);
}

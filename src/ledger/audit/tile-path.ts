import { tileLeaves } from './leaf-tiles.ts';

/** A tile of hashes at a level (0: leaf hashes), or the entries under a tile of level 0. */
export type TileLevel = number | 'entries';

export interface Tile {
  readonly level: TileLevel;
  readonly index: number;
  /** Hashes or entries in it: 256 when it is full, 1 to 255 when it is partial. */
  readonly width: number;
}

/** Where a tile lies below the directory, for example `tile/0/x001/x234/067` or `tile/entries/000.p/17` (C2SP tlog-tiles). */
export function tilePath({ level, index, width }: Tile): string {
  const digits = String(index).padStart(3 * Math.ceil(String(index).length / 3), '0');
  const groups = digits.match(/.{3}/g) ?? [];
  const name = groups.map((group, place) => (place === groups.length - 1 ? group : `x${group}`)).join('/');
  return `tile/${level}/${name}${width === tileLeaves ? '' : `.p/${width}`}`;
}

/** Hashes of a level in a tree of `size` leaves: the complete subtrees of 256^level leaves. Entries are as leaves. */
export function widthOfLevel(level: TileLevel, size: number): number {
  return level === 'entries' ? size : Math.floor(size / tileLeaves ** level);
}

/** The levels that a tree of `size` leaves has tiles at: none for an empty tree. */
export function levelsOf(size: number): number[] {
  const levels: number[] = [];
  for (let level = 0; widthOfLevel(level, size) > 0; level += 1) levels.push(level);
  return levels;
}

/** The tiles of a level from one index on, in a tree of `size` leaves: full ones, and a partial one where some are over. */
export function tilesOfLevel(level: TileLevel, size: number, fromIndex = 0): Tile[] {
  const width = widthOfLevel(level, size);
  const tiles: Tile[] = [];
  for (let index = fromIndex; index * tileLeaves < width; index += 1) {
    tiles.push({ level, index, width: Math.min(tileLeaves, width - index * tileLeaves) });
  }
  return tiles;
}

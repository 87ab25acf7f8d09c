import { PawlError } from '../../kernel/pawl-error.ts';
import type { EventStore } from '../event-store.ts';

export type LeafSource = Pick<EventStore, 'readLeaves'>;

/** Leaves are handled in runs of this many: the width of a tile in C2SP tlog-tiles, and a subtree of height 8. */
export const tileLeaves = 256;

export interface LeafTile {
  /** The leaves from tile·256 on. */
  readonly tile: number;
  /** 256 of them; fewer for the last tile of the tree. */
  readonly leaves: readonly Uint8Array[];
}

/** A gap of this many tiles is read over; beyond it, beginning anew costs less. */
const gapTilesMax = 16;

/**
 * Reads the leaves of the given tiles (ascending, each once) of the tree over the first `size` records; one tile in memory at
 * a time.
 *
 * @throws PawlError `LEDGER_POSITION` when the source has fewer records, and those of `EventStore.readLeaves`
 */
export async function* readLeafTiles(
  source: LeafSource,
  tiles: readonly number[],
  size: number,
): AsyncGenerator<LeafTile> {
  for (let start = 0; start < tiles.length; ) {
    let end = start + 1;
    while (end < tiles.length && (tiles[end] as number) - (tiles[end - 1] as number) <= gapTilesMax) end += 1;
    yield* readRun(source, tiles.slice(start, end), size);
    start = end;
  }
}

/** Tiles that lie close together, in one reading. */
async function* readRun(
  source: LeafSource,
  tiles: readonly number[],
  size: number,
): AsyncGenerator<LeafTile> {
  let next = 0;
  let tile = tiles[0] as number;
  let leaves: Uint8Array[] = [];
  for await (const batch of source.readLeaves(tile * tileLeaves)) {
    for (const leaf of batch) {
      leaves.push(leaf);
      if (leaves.length < Math.min(tileLeaves, size - tile * tileLeaves)) continue;
      if (tile === tiles[next]) {
        yield { tile, leaves };
        next += 1;
        if (next === tiles.length) return;
      }
      tile += 1;
      leaves = [];
    }
  }
  const found = tile * tileLeaves + leaves.length;
  throw new PawlError('LEDGER_POSITION', `The ledger has ${found} records; ${size} were asked for.`, {
    context: { size: found, asked: size },
  });
}

import { isPawlError, messageOf } from '../../kernel/pawl-error.ts';
import type { EventStore, StoredRecord } from '../event-store.ts';
import { decodeEntryBundle } from './entry-bundle.ts';
import { tileLeaves } from './leaf-tiles.ts';
import { StoreTree } from './store-tree.ts';
import { rootAt } from './subtree-hashes.ts';
import { levelsOf, tilePath, tilesOfLevel } from './tile-path.ts';
import { readEntryTile, readHashTile, readPublished, tilesDiffer } from './tiles-files.ts';
import { hashBytes, leafHash } from './tree-hash.ts';

export interface TilesDifference {
  /** Position of the first record that differs; null when all records agree and something above them is wrong. */
  readonly position: number | null;
  readonly message: string;
}

export interface TilesReport {
  /** Records that the directory is published with; the ledger may have more. */
  readonly size: number;
  /** The first difference, or null when ledger and directory agree. */
  readonly difference: TilesDifference | null;
}

/**
 * Compares a ledger with a directory of its tiles, record by record: the bytes in the entry bundles, the leaves in the tiles
 * of level 0, every tile above them, and the root of the published checkpoint. The two were written at different times, so
 * whoever altered one of them is found out by the other.
 *
 * @throws PawlError `TILES_DIFFER` when the directory has no checkpoint that one of the keys signed, and those of the store
 */
export async function firstDifference(
  store: Pick<EventStore, 'readAll'>,
  directory: string,
  verifierKeys: readonly string[],
  onProgress?: (done: { readonly records: number; readonly of: number }) => void,
): Promise<TilesReport> {
  const published = await readPublished(directory, verifierKeys);
  if (published === undefined) throw tilesDiffer(`${directory} holds no checkpoint`);
  const { size, root } = published.checkpoint;
  const ofRecords = await firstDifferingRecord(store, directory, size, onProgress);
  return { size, difference: ofRecords ?? (await firstDifferingTile(directory, size, root)) };
}

async function firstDifferingRecord(
  store: Pick<EventStore, 'readAll'>,
  directory: string,
  size: number,
  onProgress: ((done: { readonly records: number; readonly of: number }) => void) | undefined,
): Promise<TilesDifference | null> {
  let position = 0;
  try {
    let tile: LeafTileContent | undefined;
    for await (const record of size === 0 ? [] : store.readAll()) {
      if (position % tileLeaves === 0) {
        tile = await readLeafTile(directory, position / tileLeaves, size);
        onProgress?.({ records: position, of: size });
      }
      const message = differenceOf(record, position, tile as LeafTileContent);
      if (message !== null) return { position, message };
      position += 1;
      if (position === size) return null;
    }
  } catch (error) {
    if (!isPawlError(error, 'TILES_DIFFER') && !isPawlError(error, 'LEDGER_CORRUPT')) throw error;
    return { position, message: messageOf(error) };
  }
  if (position === size) return null;
  return { position, message: `The ledger ends before record ${position}; the tiles have ${size} records.` };
}

function differenceOf(record: StoredRecord, position: number, tile: LeafTileContent): string | null {
  const place = position % tileLeaves;
  const entry = tile.entries[place] as Uint8Array;
  const leaf = tile.leaves.subarray(place * hashBytes, (place + 1) * hashBytes);
  if (Buffer.compare(leafHash(entry), leaf) !== 0) {
    return `Record ${position} in ${tile.path} does not hash to its leaf in the tile: the tiles were altered.`;
  }
  if (record.position !== position)
    return `Record ${position} is missing from the ledger; it is in ${tile.path}.`;
  if (Buffer.compare(record.bytes, entry) !== 0) {
    return `Record ${position} of the ledger is not the one in ${tile.path}.`;
  }
  if (Buffer.compare(record.leaf, leaf) === 0) return null;
  return `The stored leaf of record ${position} is not that of its bytes: the ledger was altered.`;
}

async function firstDifferingTile(
  directory: string,
  size: number,
  root: Uint8Array,
): Promise<TilesDifference | null> {
  try {
    const tree = await StoreTree.read(
      { readLeaves: (from = 0) => readTileLeaves(directory, from, size) },
      size,
    );
    for (const level of levelsOf(size).slice(1)) {
      for (const tile of tilesOfLevel(level, size)) {
        const subtrees = Array.from({ length: tile.width }, (_, place) => ({
          level: level * Math.log2(tileLeaves),
          index: tile.index * tileLeaves + place,
        }));
        const expected = Buffer.concat(await tree.read(subtrees));
        if (Buffer.compare(await readHashTile(directory, tile), expected) === 0) continue;
        return {
          position: null,
          message: `${tilePath(tile)} does not hold the roots of the tiles below it.`,
        };
      }
    }
    if (Buffer.compare(await rootAt(tree, size), root) === 0) return null;
  } catch (error) {
    if (!isPawlError(error, 'TILES_DIFFER')) throw error;
    return { position: null, message: messageOf(error) };
  }
  const message =
    'The records of ledger and tiles agree, and do not lead to the root of the published checkpoint.';
  return { position: null, message };
}

interface LeafTileContent {
  readonly path: string;
  readonly entries: readonly Uint8Array[];
  readonly leaves: Uint8Array;
}

/** @throws PawlError `TILES_DIFFER` */
async function readLeafTile(directory: string, index: number, size: number): Promise<LeafTileContent> {
  const width = Math.min(tileLeaves, size - index * tileLeaves);
  const leaves = await readHashTile(directory, { level: 0, index, width });
  const found = await readEntryTile(directory, { level: 'entries', index, width });
  if (found === undefined) throw tilesDiffer(`${tilePath({ level: 'entries', index, width })} is missing`);
  const entries = decodeEntryBundle(found.bundle);
  if (entries?.length !== found.width) {
    throw tilesDiffer(`${found.path} is not a bundle of ${found.width} records`);
  }
  return { path: found.path, entries, leaves };
}

async function* readTileLeaves(
  directory: string,
  from: number,
  size: number,
): AsyncGenerator<readonly Uint8Array[]> {
  for (const tile of tilesOfLevel(0, size, Math.floor(from / tileLeaves))) {
    const hashes = await readHashTile(directory, tile);
    const leaves = Array.from({ length: tile.width }, (_, place) =>
      hashes.subarray(place * hashBytes, (place + 1) * hashBytes),
    );
    yield leaves.slice(Math.max(0, from - tile.index * tileLeaves));
  }
}

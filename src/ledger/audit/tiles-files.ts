import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PawlError } from '../../kernel/pawl-error.ts';
import { fileFailure, systemCodeOf } from './file-failure.ts';
import { tileLeaves } from './leaf-tiles.ts';
import { openWithAnyKey, type SignedCheckpoint } from './signed-checkpoints.ts';
import { type Tile, tilePath } from './tile-path.ts';
import { hashBytes } from './tree-hash.ts';

/** Name of the newest published checkpoint in a directory of tiles (C2SP tlog-tiles). */
export const checkpointPath = 'checkpoint';

/** The bytes of a file below the directory, or undefined when there is none. */
export async function readIfThere(directory: string, path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(join(directory, path));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCodeOf(error) ?? '')) return undefined;
    throw fileFailure(error, join(directory, path));
  }
}

/**
 * The checkpoint that a directory of tiles is published under, or undefined when it has none.
 *
 * @throws PawlError `TILES_DIFFER` when it is not one of these keys
 */
export async function readPublished(
  directory: string,
  verifierKeys: readonly string[],
): Promise<SignedCheckpoint | undefined> {
  const note = await readIfThere(directory, checkpointPath);
  if (note === undefined) return undefined;
  try {
    return openWithAnyKey(note, verifierKeys);
  } catch (error) {
    throw tilesDiffer(`${join(directory, checkpointPath)} is not a checkpoint of this ledger`, error);
  }
}

/**
 * The hashes of a tile, 32 bytes each. Where a partial tile is gone because the full one has come, that one's beginning.
 *
 * @throws PawlError `TILES_DIFFER` when the tile is not there or has another length
 */
export async function readHashTile(directory: string, tile: Tile): Promise<Uint8Array> {
  const bytes = tile.width * hashBytes;
  const full = { ...tile, width: tileLeaves };
  const exact = await readIfThere(directory, tilePath(tile));
  const found = exact ?? (await readIfThere(directory, tilePath(full)));
  const expected = exact === undefined ? tileLeaves * hashBytes : bytes;
  if (found?.length === expected) return found.subarray(0, bytes);
  throw tilesDiffer(`${join(directory, tilePath(tile))} ${fault(found, expected)}`);
}

/** The bundle of the records under a tile of level 0 as it lies there (or of the full tile), undefined when there is none. */
export async function readEntryTile(
  directory: string,
  tile: Tile,
): Promise<{ readonly bundle: Uint8Array; readonly path: string; readonly width: number } | undefined> {
  for (const width of new Set([tile.width, tileLeaves])) {
    const path = tilePath({ ...tile, width });
    const bundle = await readIfThere(directory, path);
    if (bundle !== undefined) return { bundle, path, width };
  }
  return undefined;
}

export function tilesDiffer(message: string, cause?: unknown): PawlError {
  return new PawlError('TILES_DIFFER', `${message}.`, cause === undefined ? {} : { cause });
}

function fault(found: Uint8Array | undefined, expected: number): string {
  return found === undefined ? 'is missing' : `has ${found.length} bytes instead of ${expected}`;
}

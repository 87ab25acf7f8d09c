import { join } from 'node:path';
import type { StagedFiles } from './staged-files.ts';
import { type Tile, tilePath } from './tile-path.ts';
import { readIfThere, tilesDiffer } from './tiles-files.ts';

/** Files that are on their way to the disk together: each waits for it, and more at once do not make it faster. */
const filesAtOnce = 16;

/** Puts tiles below a directory, several at a time, and never another one in the place of one that is there. */
export class TileStage {
  readonly #directory: string;
  readonly #files: StagedFiles;
  readonly #pending = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;
  #written = 0;

  constructor(directory: string, files: StagedFiles) {
    this.#directory = directory;
    this.#files = files;
  }

  /** Resolves when the tile is under way. Throws what went wrong with it or an earlier one, at the latest in `drain`. */
  async put(tile: Tile, bytes: Uint8Array): Promise<void> {
    while (this.#pending.size >= filesAtOnce) await Promise.race(this.#pending);
    this.#mustBeWell();
    const work: Promise<void> = this.#putOne(tilePath(tile), bytes)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#pending.delete(work));
    this.#pending.add(work);
  }

  /**
   * Resolves with the number of files that were not there before, when all are on disk.
   *
   * @throws PawlError `TILES_DIFFER` when a file was there with other bytes, and those of `StagedFiles.put`
   */
  async drain(): Promise<number> {
    await this.settle();
    this.#mustBeWell();
    return this.#written;
  }

  /** Resolves when nothing is under way any more, however it ended. */
  async settle(): Promise<void> {
    await Promise.all(this.#pending);
  }

  async #putOne(path: string, bytes: Uint8Array): Promise<void> {
    const existing = await readIfThere(this.#directory, path);
    if (existing === undefined) {
      await this.#files.put(path, bytes);
      this.#written += 1;
    } else if (Buffer.compare(existing, bytes) !== 0) {
      throw tilesDiffer(`${join(this.#directory, path)} is there and holds something else`);
    }
  }

  #mustBeWell(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

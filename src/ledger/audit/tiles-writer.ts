import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isPawlError, PawlError } from '../../kernel/pawl-error.ts';
import type { EventStore } from '../event-store.ts';
import { encodeEntryBundle } from './entry-bundle.ts';
import { fileFailure } from './file-failure.ts';
import { tileLeaves } from './leaf-tiles.ts';
import { readRecordTiles } from './record-tiles.ts';
import type { SignedCheckpoint } from './signed-checkpoints.ts';
import { StagedFiles } from './staged-files.ts';
import { StoreTree } from './store-tree.ts';
import { rootAt } from './subtree-hashes.ts';
import { levelsOf, type TileLevel, tilePath, tilesOfLevel, widthOfLevel } from './tile-path.ts';
import { TileStage } from './tile-stage.ts';
import { checkpointPath, readPublished, tilesDiffer } from './tiles-files.ts';

export interface TilesTarget {
  /** What the tiles are to be published under. */
  readonly signed: SignedCheckpoint;
  /** Every key of the ledger: what is published already may be signed by an older one. */
  readonly verifierKeys: readonly string[];
  /** Sizes of all checkpoints of the ledger: each deserves its partial tiles for as long as they are not full. */
  readonly sizes: readonly number[];
}

/** How an update of the tiles came out. */
export interface TilesUpdate {
  /** Records that were published before. */
  readonly from: number;
  /** Records that are published now. */
  readonly size: number;
  /** Tiles that were not there before. */
  readonly written: number;
}

export type TilesProgress = (done: { readonly records: number; readonly of: number }) => void;

type Source = Pick<EventStore, 'readAll' | 'readLeaves'>;

/**
 * Keeps a directory of tiles (C2SP tlog-tiles) up with a ledger. Tiles are immutable: one that is there already must be what
 * would be written, and stays. The checkpoint is replaced last, when everything it promises is on disk, so a reader that
 * begins with the checkpoint always finds its tiles, also after a crash. One writer per directory at a time.
 */
export class TilesWriter {
  readonly #store: Source;
  readonly #directory: string;
  readonly #tree: StoreTree;

  private constructor(store: Source, directory: string, tree: StoreTree) {
    this.#store = store;
    this.#directory = directory;
    this.#tree = tree;
  }

  static async open(store: Source, directory: string): Promise<TilesWriter> {
    return new TilesWriter(store, directory, await StoreTree.read(store, 0));
  }

  /**
   * Publishes the records of a checkpoint. Nothing is written when they are published already; there may be more of them.
   *
   * @throws PawlError `TILES_DIFFER` when the directory is of another history, `LEDGER_CORRUPT` when the ledger is not what its
   * checkpoint says, `STORAGE_FULL`, `STORAGE_FAILED`, and those of the store
   */
  async update(target: TilesTarget, onProgress?: TilesProgress): Promise<TilesUpdate> {
    const { size } = target.signed.checkpoint;
    const published = await readPublished(this.#directory, target.verifierKeys);
    const from = published?.checkpoint.size ?? 0;
    if (published !== undefined) await this.#mustBeginWith(published);
    await this.#mustBe(target.signed);
    if (published !== undefined && size <= from) return { from, size: from, written: 0 };

    const files = await StagedFiles.open(this.#directory);
    const stage = new TileStage(this.#directory, files);
    try {
      await this.#putEntries(stage, from, target, onProgress);
      await this.#putUpperLevels(stage, from, target);
      const written = await stage.drain();
      await files.sync();
      await this.#mustStillBe(published, target.verifierKeys);
      await files.put(checkpointPath, target.signed.note);
      await files.sync();
      await this.#removeOutgrown(from, size);
      return { from, size, written };
    } finally {
      await stage.settle();
      await files.close();
    }
  }

  /** Entry bundles and leaf hashes, from the first tile that was not full. */
  async #putEntries(
    stage: TileStage,
    from: number,
    { signed, sizes }: TilesTarget,
    onProgress: TilesProgress | undefined,
  ): Promise<void> {
    const { size } = signed.checkpoint;
    const partial = partialWidths(0, from, size, sizes);
    const first = Math.floor(from / tileLeaves);
    for await (const { tile: index, records, leaves } of readRecordTiles(this.#store, first, size)) {
      for (const width of records.length === tileLeaves ? [tileLeaves] : partial) {
        await stage.put({ level: 'entries', index, width }, encodeEntryBundle(records.slice(0, width)));
        await stage.put({ level: 0, index, width }, Buffer.concat(leaves.slice(0, width)));
      }
      onProgress?.({ records: index * tileLeaves + records.length, of: size });
    }
  }

  /** Each hash of a tile above level 0 is the root of a full tile below it. */
  async #putUpperLevels(stage: TileStage, from: number, { signed, sizes }: TilesTarget): Promise<void> {
    const { size } = signed.checkpoint;
    for (const level of levelsOf(size).slice(1)) {
      const partial = partialWidths(level, from, size, sizes);
      const first = Math.floor(widthOfLevel(level, from) / tileLeaves);
      for (const { index, width } of tilesOfLevel(level, size, first)) {
        const subtrees = Array.from({ length: width }, (_, place) => ({
          level: level * Math.log2(tileLeaves),
          index: index * tileLeaves + place,
        }));
        const hashes = await this.#tree.read(subtrees);
        for (const part of width === tileLeaves ? [tileLeaves] : partial) {
          await stage.put({ level, index, width: part }, Buffer.concat(hashes.slice(0, part)));
        }
      }
    }
  }

  /** @throws PawlError `LEDGER_CORRUPT` when the checkpoint of the ledger is not one of its records */
  async #mustBe({ checkpoint: { size, root } }: SignedCheckpoint): Promise<void> {
    let cause: unknown;
    try {
      await this.#tree.grow(size);
      if (Buffer.compare(await rootAt(this.#tree, size), root) === 0) return;
    } catch (error) {
      if (!isPawlError(error, 'LEDGER_POSITION')) throw error;
      cause = error;
    }
    const what = `The first ${size} records are not those that the checkpoint of the ledger signs`;
    throw new PawlError('LEDGER_CORRUPT', `${what}. \`pawl verify\` names the first bad one.`, {
      context: { size },
      cause,
    });
  }

  /** @throws PawlError `TILES_DIFFER` when the ledger does not go on where the directory ends */
  async #mustBeginWith({ checkpoint: { size, root } }: SignedCheckpoint): Promise<void> {
    const hint = `\`pawl verify --tiles ${this.#directory}\` names the first record that differs`;
    try {
      await this.#tree.grow(size);
    } catch (error) {
      if (!isPawlError(error, 'LEDGER_POSITION')) throw error;
      throw tilesDiffer(
        `${this.#directory} holds ${size} records, and the ledger has fewer: it was cut, or is an older copy`,
        error,
      );
    }
    if (Buffer.compare(await rootAt(this.#tree, size), root) === 0) return;
    throw tilesDiffer(`The first ${size} records of the ledger are not those in ${this.#directory}; ${hint}`);
  }

  async #mustStillBe(
    published: SignedCheckpoint | undefined,
    verifierKeys: readonly string[],
  ): Promise<void> {
    const now = await readPublished(this.#directory, verifierKeys);
    if (now?.note === published?.note) return;
    throw tilesDiffer(
      `Something else publishes into ${this.#directory} at the same time; its checkpoint was left as it is`,
    );
  }

  /** Partial tiles of what was published before, where the full tile is there now: whoever asks for them finds that one. */
  async #removeOutgrown(from: number, size: number): Promise<void> {
    const levels: TileLevel[] = ['entries', ...levelsOf(from)];
    for (const level of levels) {
      const index = Math.floor(widthOfLevel(level, from) / tileLeaves);
      if (widthOfLevel(level, size) < (index + 1) * tileLeaves) continue;
      const path = join(this.#directory, dirname(tilePath({ level, index, width: 1 })));
      try {
        await rm(path, { recursive: true, force: true });
      } catch (error) {
        throw fileFailure(error, path);
      }
    }
  }
}

/** Widths of the last tile of a level at every checkpoint since `from` at which it was partial. */
function partialWidths(level: TileLevel, from: number, size: number, sizes: readonly number[]): number[] {
  const last = Math.floor(widthOfLevel(level, size) / tileLeaves);
  const widths = [...sizes, size]
    .filter((each) => each > from && each <= size)
    .map((each) => widthOfLevel(level, each) - last * tileLeaves)
    .filter((width) => width > 0);
  return [...new Set(widths)];
}

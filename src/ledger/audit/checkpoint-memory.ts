import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, PawlError } from '../../kernel/pawl-error.ts';
import { base64, fromBase64 } from './base64.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { fileFailure, systemCodeOf } from './file-failure.ts';
import { placeFile } from './place-file.ts';
import { safeFileName } from './safe-file-name.ts';
import { TreeFrontier } from './tree-frontier.ts';

/** A checkpoint on its way into memory: the note when somebody signed it, and the tree to go on from. */
export interface CheckpointToRemember extends Pick<Checkpoint, 'size' | 'root'> {
  readonly note: string | null;
  /** As in `TreeHead`, or null when they are not known. */
  readonly roots: Uint8Array | null;
}

export interface RememberedCheckpoint extends CheckpointToRemember {
  readonly origin: string;
  /** When it was remembered, milliseconds since the epoch. */
  readonly at: number;
  readonly path: string;
}

const bytesMax = 64 * 1024;
const attemptsMax = 5;

/**
 * Checkpoints that were seen, kept outside of the ledgers they are of: what was once seen cannot be taken back. One directory for
 * each ledger, one file for each size; the largest counts, so that two processes that remember at the same time can only go
 * forward. Every file is a checkpoint that others can read.
 */
export class CheckpointMemory {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * The newest checkpoint that is remembered under a name, or null.
   *
   * @throws PawlError `CHECKPOINT_INVALID` when what is there is none, `STORAGE_FAILED`
   */
  async newest(name: string): Promise<RememberedCheckpoint | null> {
    for (let attempt = 1; ; attempt += 1) {
      const sizes = await this.#sizes(name);
      const size = sizes.at(-1);
      if (size === undefined) return null;
      try {
        return await this.#read(name, size);
      } catch (error) {
        // Whoever remembered a newer one meanwhile has removed this one.
        if (systemCodeOf(error) !== 'ENOENT' || attempt === attemptsMax) throw fileFailure(error, name);
      }
    }
  }

  /**
   * Only ever forward: a checkpoint that is no larger than the newest one changes nothing. That it continues that one is for the
   * caller to know.
   *
   * @throws PawlError `STORAGE_FULL`, `STORAGE_FAILED`
   */
  async remember(name: string, { size, root, note, roots }: CheckpointToRemember): Promise<void> {
    const newest = (await this.#sizes(name)).at(-1) ?? -1;
    if (size <= newest) return;
    const path = this.#path(name, size);
    // First, because the checkpoint is what says that it is there.
    if (roots !== null) await placeFile(`${path}.tree`, `${base64(roots)}\n`);
    await placeFile(path, note ?? `${name}\n${size}\n${base64(root)}\n`);
    for (const older of (await this.#sizes(name)).filter((other) => other < size)) {
      await rm(this.#path(name, older), { force: true });
      await rm(`${this.#path(name, older)}.tree`, { force: true });
    }
  }

  /** For a name that now stands for something else. */
  async forget(name: string): Promise<void> {
    await rm(join(this.#directory, safeFileName(name)), { recursive: true, force: true });
  }

  async #read(name: string, size: number): Promise<RememberedCheckpoint> {
    const path = this.#path(name, size);
    const { text, at } = await readSmall(path);
    let checkpoint: Checkpoint;
    try {
      checkpoint = parseCheckpoint(checkpointTextOf(text));
      if (checkpoint.size !== size) throw new Error(`it is of ${checkpoint.size} records`);
    } catch (error) {
      throw new PawlError(
        'CHECKPOINT_INVALID',
        `The remembered checkpoint ${path} is not one: ${messageOf(error)}. Find out who changed it; without it, remove the file.`,
        { context: { path }, cause: error },
      );
    }
    const note = text.includes('\n\n') ? text : null;
    const { origin, root } = checkpoint;
    return { origin, size, root, note, at, path, roots: await readTree(`${path}.tree`, checkpoint) };
  }

  async #sizes(name: string): Promise<number[]> {
    try {
      const names = await readdir(join(this.#directory, safeFileName(name)));
      return names
        .filter((file) => /^[0-9]{16}$/.test(file))
        .map(Number)
        .sort((left, right) => left - right);
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return [];
      throw fileFailure(error, this.#directory);
    }
  }

  #path(name: string, size: number): string {
    return join(this.#directory, safeFileName(name), String(size).padStart(16, '0'));
  }
}

/** What a note signs, or all of a checkpoint that nobody signed. */
export function checkpointTextOf(note: string): string {
  const end = note.lastIndexOf('\n\n');
  return end < 0 ? note : note.slice(0, end + 1);
}

/** The tree is for speed alone, so one that does not fit its checkpoint is as good as none. */
async function readTree(path: string, { size, root }: Checkpoint): Promise<Uint8Array | null> {
  try {
    const roots = fromBase64((await readSmall(path)).text.trimEnd());
    if (roots === undefined) return null;
    return Buffer.compare(TreeFrontier.restore({ size, roots }).root(), root) === 0 ? roots : null;
  } catch {
    return null;
  }
}

async function readSmall(path: string): Promise<{ readonly text: string; readonly at: number }> {
  const file = await open(path, 'r');
  try {
    const { size, mtimeMs } = await file.stat();
    if (size > bytesMax) throw new Error(`${path} is too large`);
    return { text: await file.readFile('utf8'), at: mtimeMs };
  } finally {
    await file.close();
  }
}

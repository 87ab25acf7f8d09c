import { mkdir, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileFailure, systemCodeOf } from './file-failure.ts';

const stagingPrefix = '.writing-';

/**
 * Files that appear under a directory whole or not at all: each is written and synced under a temporary name and then renamed.
 * Whatever stops the process leaves nothing but that temporary directory, which the next one removes.
 */
export class StagedFiles {
  readonly #directory: string;
  readonly #staging: string;
  /** Directories whose entries changed and are not synced yet. */
  readonly #unsynced = new Set<string>();
  readonly #made = new Set<string>();
  #count = 0;

  private constructor(directory: string, staging: string) {
    this.#directory = directory;
    this.#staging = staging;
  }

  /** @throws PawlError `STORAGE_FULL`, `STORAGE_FAILED`, as all methods */
  static async open(directory: string): Promise<StagedFiles> {
    try {
      await mkdir(directory, { recursive: true });
      for (const name of await readdir(directory)) {
        if (isLeftOver(name)) await rm(join(directory, name), { recursive: true, force: true });
      }
      return new StagedFiles(directory, await mkdtemp(join(directory, `${stagingPrefix}${process.pid}-`)));
    } catch (error) {
      throw fileFailure(error, directory);
    }
  }

  /** Puts a file at a path below the directory, instead of one that may be there. */
  async put(path: string, bytes: Uint8Array | string): Promise<void> {
    this.#count += 1;
    const temporary = join(this.#staging, String(this.#count));
    const target = join(this.#directory, path);
    try {
      const file = await open(temporary, 'w');
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await this.#makeDirectory(dirname(target));
      await rename(temporary, target);
    } catch (error) {
      throw fileFailure(error, target);
    }
    this.#unsynced.add(dirname(target));
  }

  /** Resolves when everything that was put is on disk, names included. */
  async sync(): Promise<void> {
    const directories = [...this.#unsynced];
    this.#unsynced.clear();
    for (const path of directories) await syncDirectory(path);
  }

  async close(): Promise<void> {
    await rm(this.#staging, { recursive: true, force: true });
  }

  async #makeDirectory(path: string): Promise<void> {
    if (this.#made.has(path)) return;
    const first = await mkdir(path, { recursive: true });
    // Every directory from the first new one down is a new entry in the one above it.
    for (let made = path; first !== undefined && made.length >= first.length; made = dirname(made)) {
      this.#unsynced.add(dirname(made));
    }
    this.#made.add(path);
  }
}

/** A temporary directory whose process is not there any more. */
function isLeftOver(name: string): boolean {
  const pid = Number(/^\.writing-([0-9]+)-/.exec(name)?.[1]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return systemCodeOf(error) === 'ESRCH';
  }
}

async function syncDirectory(path: string): Promise<void> {
  try {
    const directory = await open(path, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  } catch (error) {
    // Some file systems cannot sync a directory; they order renames on their own.
    if (['EINVAL', 'EISDIR', 'EPERM'].includes(systemCodeOf(error) ?? '')) return;
    throw fileFailure(error, path);
  }
}

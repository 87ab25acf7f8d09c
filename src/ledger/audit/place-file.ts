import { link, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileFailure, systemCodeOf } from './file-failure.ts';

const ownerOnlyDirectory = 0o700;
const ownerOnlyFile = 0o600;
const draftPrefix = '.writing-';
let drafts = 0;

/**
 * Puts a file into place whole or not at all, never over one that is there, readable by its owner alone. Missing directories are
 * made for the owner alone, too.
 *
 * @returns false when a file of that name is there, which stays as it is
 * @throws PawlError `STORAGE_FULL`, `STORAGE_FAILED`
 */
export async function placeFile(path: string, content: string): Promise<boolean> {
  try {
    // Unlike renaming, linking refuses a name that is taken.
    await withDraft(path, content, (draft) => link(draft, path));
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false;
    throw fileFailure(error, path);
  }
}

/**
 * As `placeFile`, instead of a file that may be there.
 *
 * @throws PawlError `STORAGE_FULL`, `STORAGE_FAILED`
 */
export async function replaceFile(path: string, content: string): Promise<void> {
  try {
    await withDraft(path, content, (draft) => rename(draft, path));
  } catch (error) {
    throw fileFailure(error, path);
  }
}

/** A draft that holds the content, on disk before it gets its name. */
async function withDraft(
  path: string,
  content: string,
  place: (draft: string) => Promise<void>,
): Promise<void> {
  await withDraftOf(path, async (draft) => {
    // Over what an earlier process of the same number may have left.
    const file = await open(draft, 'w', ownerOnlyFile);
    try {
      await file.writeFile(content);
      // Before the name: a name that survives a power failure must not lead to an empty file.
      await file.sync();
    } finally {
      await file.close();
    }
    await place(draft);
  });
}

/**
 * Gives `work` a name beside `path` for a file that is still to get its place; what is left there afterwards is removed, also, by
 * the next one, when the process is killed.
 */
export async function withDraftOf<Result>(
  path: string,
  work: (draft: string) => Promise<Result>,
): Promise<Result> {
  const directory = dirname(path);
  drafts += 1;
  const draft = join(directory, `${draftPrefix}${process.pid}-${drafts}`);
  await mkdir(directory, { recursive: true, mode: ownerOnlyDirectory });
  await removeLeftOvers(directory);
  try {
    return await work(draft);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Drafts of processes that are not there any more. */
async function removeLeftOvers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const pid = Number(/^\.writing-([0-9]+)-/.exec(name)?.[1]);
    if (Number.isSafeInteger(pid) && pid > 0 && pid !== process.pid && !isRunning(pid)) {
      await rm(join(directory, name), { force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCodeOf(error) !== 'ESRCH';
  }
}

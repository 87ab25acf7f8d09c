import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, link, lstat, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Digest } from '../../kernel/brand.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import { fileFailure, systemCodeOf } from '../../ledger/audit/file-failure.ts';
import { reportPage } from '../report/report-page.ts';
import type { Bundle } from './bundle.ts';
import { bundleEnding, containerOpening } from './bundle-format.ts';
import { type ContainerProgress, containerLines } from './container-lines.ts';
import { encodeContainer } from './encode-container.ts';

/** How the file of a bundle comes into being. */
export interface WriteBundleOptions {
  /** Also where there is a file of that name. */
  readonly force: boolean;
  readonly onProgress?: ContainerProgress;
  /** Called when the file is complete and durable under another name, before it appears under its own. */
  readonly beforeAppearing?: (written: WrittenBundle) => Promise<void>;
}

/** The file as it was written. */
export interface WrittenBundle {
  /** SHA-256 of the file. */
  readonly file: Digest;
  readonly bytes: number;
}

/**
 * Writes the one file of a bundle: the readable page with the data embedded. It appears whole or not at all; a process that
 * is killed leaves at most a `.part` file beside it.
 *
 * @throws PawlError `OUTPUT_EXISTS`, `STORAGE_FULL`, `STORAGE_FAILED`, and those of reading the bundle's blobs
 */
export async function writeBundle(
  bundle: Bundle,
  path: string,
  options: WriteBundleOptions,
): Promise<WrittenBundle> {
  const found = await kindOf(path);
  if (found === 'directory' || (found !== null && !options.force)) throw outputExists(path, found);
  const part = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
  const file = await open(part, 'wx').catch((error: unknown) => {
    throw fileFailure(error, path);
  });
  try {
    const written = await fill(file, path, bundle, options.onProgress).finally(() => file.close());
    await options.beforeAppearing?.(written);
    await appear(part, path, options.force);
    return written;
  } catch (error) {
    await unlink(part).catch(() => undefined);
    throw error;
  }
}

/** The text of the file, in pieces. */
export async function* bundlePieces(bundle: Bundle, onProgress?: ContainerProgress): AsyncGenerator<string> {
  yield* reportPage(bundle);
  yield containerOpening;
  const digest = yield* encodeContainer(containerLines(bundle, onProgress));
  yield bundleEnding(digest);
}

async function fill(
  file: FileHandle,
  path: string,
  bundle: Bundle,
  onProgress: ContainerProgress | undefined,
): Promise<WrittenBundle> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of bundlePieces(bundle, onProgress)) {
    const chunk = Buffer.from(piece, 'utf8');
    hash.update(chunk);
    bytes += chunk.length;
    await file.writeFile(chunk).catch((error: unknown) => {
      throw fileFailure(error, path);
    });
  }
  await file.sync().catch((error: unknown) => {
    throw fileFailure(error, path);
  });
  return { file: hash.digest('hex') as Digest, bytes };
}

/** Links rather than renames, where nothing may be replaced: a rename would win over whoever was quicker. */
async function appear(part: string, path: string, force: boolean): Promise<void> {
  try {
    if (force) await rename(part, path);
    else {
      await link(part, path);
      await unlink(part);
    }
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') throw outputExists(path, 'file');
    const cannotLink = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(systemCodeOf(error) ?? '');
    if (force || !cannotLink) throw fileFailure(error, path);
    // A file system without links: the moment between looking and renaming is what is left.
    if ((await kindOf(path)) !== null) throw outputExists(path, 'file');
    await rename(part, path).catch((cause: unknown) => {
      throw fileFailure(cause, path);
    });
  }
  await syncDirectory(dirname(path));
}

/** So that the name outlives a power cut; some systems do not allow it, and then it is as safe as they make it. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r').catch(() => undefined);
  await directory?.sync().catch(() => undefined);
  await directory?.close().catch(() => undefined);
}

async function kindOf(path: string): Promise<'file' | 'directory' | null> {
  try {
    return (await lstat(path)).isDirectory() ? 'directory' : 'file';
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw fileFailure(error, path);
  }
}

function outputExists(path: string, found: 'file' | 'directory'): PawlError {
  const message =
    found === 'directory'
      ? `${path} is a directory. Name a file in it, or another one.`
      : `There is a file at ${path}. Choose another name, or replace it with --force.`;
  return new PawlError('OUTPUT_EXISTS', message, { context: { path } });
}

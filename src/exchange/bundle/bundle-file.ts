import { type FileHandle, open } from 'node:fs/promises';
import { fileFailure } from '../../ledger/audit/file-failure.ts';
import { bundleLimits, containerOpening } from './bundle-format.ts';
import { bundleInvalid } from './bundle-invalid.ts';

const chunkBytes = 1024 * 1024;

interface Opened {
  readonly file: FileHandle;
  readonly path: string;
}

/** Where the parts of a bundle lie in its file. */
export interface BundleFile {
  readonly path: string;
  readonly bytes: number;
  /** First byte of the container; before it is the readable page. */
  readonly containerStart: number;
  /** The byte behind the container; from there on is the ending. */
  readonly containerEnd: number;
  /** Bytes from `start` to before `end`, in pieces. */
  read(start: number, end: number): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Opens a file and finds the container in it, without reading it into memory.
 *
 * @throws PawlError `BUNDLE_INVALID`; `STORAGE_FAILED` for a file that cannot be read
 */
export async function openBundleFile(path: string): Promise<BundleFile> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw fileFailure(cause, path);
  });
  const opened = { file, path };
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw bundleInvalid(`${path} is not a file.`);
    const bytes = stat.size;
    if (bytes > bundleLimits.fileBytesMax) {
      throw bundleInvalid(`${path} has ${bytes} bytes; a bundle may have ${bundleLimits.fileBytesMax}.`);
    }
    const opening = Buffer.from(containerOpening);
    const found = await find(opened, opening, 0, bytes);
    if (found === -1) {
      throw bundleInvalid(
        `${path} holds no bundle: the part that begins with ${containerOpening.trim()} is missing.`,
      );
    }
    const containerStart = found + opening.length;
    const containerEnd = await find(opened, Buffer.from('<'), containerStart, bytes);
    if (containerEnd === -1) throw bundleInvalid(`${path} ends within the data: it was cut off.`);
    const read = (start: number, end: number) => readRange(opened, start, end);
    return { path, bytes, containerStart, containerEnd, read, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function* readRange({ file, path }: Opened, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let from = start; from < end; ) {
    const { bytesRead, buffer } = await file
      .read({ buffer: Buffer.allocUnsafe(Math.min(chunkBytes, end - from)), position: from })
      .catch((cause: unknown) => {
        throw fileFailure(cause, path);
      });
    if (bytesRead === 0) throw bundleInvalid('The file became shorter while it was read.');
    yield buffer.subarray(0, bytesRead);
    from += bytesRead;
  }
}

/** The first place of `wanted` from `start` on, or -1. */
async function find(file: Opened, wanted: Buffer, start: number, end: number): Promise<number> {
  let tail: Buffer = Buffer.alloc(0);
  let place = start;
  for await (const chunk of readRange(file, start, end)) {
    const window = Buffer.concat([tail, chunk]);
    const index = window.indexOf(wanted);
    if (index !== -1) return place - tail.length + index;
    place += chunk.length;
    tail = window.subarray(Math.max(0, window.length - wanted.length + 1));
  }
  return -1;
}

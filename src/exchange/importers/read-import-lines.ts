import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Digest } from '../../kernel/brand.ts';
import { sha256Hex } from '../../kernel/digest.ts';
import { messageOf, PawlError } from '../../kernel/pawl-error.ts';

/** More than any published run, and little enough to be held in memory. */
const bytesMax = 256 * 1024 * 1024;
const unzip = promisify(gunzip);

export interface ImportLines {
  /** SHA-256 of the file as it is on disk. */
  readonly digest: Digest;
  /** Lines that are not blank, exactly as they are, with their 1-based numbers. */
  readonly lines: readonly { readonly line: number; readonly text: string }[];
}

/**
 * Reads a file of one row a line, plain or, when its name ends in `.gz`, compressed with gzip. For importers of such formats.
 *
 * @throws PawlError `IMPORT_INVALID` when it cannot be read or unpacked, is not UTF-8 or has no line at all
 */
export async function readImportLines(path: string): Promise<ImportLines> {
  const bytes = await readBytes(path);
  const plain = path.endsWith('.gz') ? await unpack(path, bytes) : bytes;
  if (plain.byteLength > bytesMax) {
    throw refusal(
      path,
      null,
      `the file has ${plain.byteLength} bytes; ${bytesMax} can be imported at a time.`,
    );
  }
  const lines = decode(path, plain)
    .split('\n')
    .map((text, index) => ({ line: index + 1, text }))
    .filter(({ text }) => text.trim() !== '');
  if (lines.length === 0) throw refusal(path, null, 'the file holds no row.');
  return { digest: sha256Hex(bytes), lines };
}

/** What cannot be imported and where; `line` is null where the whole file is meant. */
export function refusal(path: string, line: number | null, problem: string, cause?: unknown): PawlError {
  const place = line === null ? path : `${path}, line ${line}`;
  return new PawlError('IMPORT_INVALID', `${place}: ${problem}`, { context: { file: path, line }, cause });
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const absent = code === 'ENOENT' || code === 'ENOTDIR';
    throw refusal(
      path,
      null,
      absent ? 'there is no such file. Check the path.' : `it cannot be read: ${messageOf(cause)}`,
      cause,
    );
  }
}

async function unpack(path: string, bytes: Uint8Array): Promise<Uint8Array> {
  try {
    return await unzip(bytes, { maxOutputLength: bytesMax });
  } catch (cause) {
    const advice = 'Name it without .gz if it is not compressed, or copy it again.';
    throw refusal(path, null, `it cannot be unpacked: ${messageOf(cause)}. ${advice}`, cause);
  }
}

function decode(path: string, bytes: Uint8Array): string {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw refusal(path, null, 'it is compressed with gzip. Give it a name that ends in .gz.');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw refusal(path, null, 'it is not UTF-8 text.', cause);
  }
}

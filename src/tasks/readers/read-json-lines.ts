import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { messageOf, PawlError } from '../../kernel/pawl-error.ts';

/** A line of a suite file that is not blank. `number` is 1-based and counts blank lines too. */
export interface JsonLine {
  readonly number: number;
  readonly value: unknown;
}

/** More than any public benchmark, and little enough to be held in memory. */
const bytesMax = 256 * 1024 * 1024;
const unzip = promisify(gunzip);

/**
 * Reads a file of one JSON value a line, plain or, when its name ends in `.gz`, compressed with gzip.
 *
 * @throws PawlError `SUITE_NOT_FOUND` when there is no such file; `SUITE_INVALID`, naming file and line, when it cannot be
 * unpacked, is not UTF-8, has a line that is not JSON, or has no line at all
 */
export async function readJsonLines(path: string): Promise<readonly JsonLine[]> {
  const text = decode(path, await readBytes(path));
  const lines: JsonLine[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    lines.push({ number: index + 1, value: parseLine(path, index + 1, line) });
  }
  if (lines.length === 0) {
    throw new PawlError('SUITE_INVALID', `${path} holds no task. Expected one JSON object a line.`);
  }
  return lines;
}

/** A line that cannot be used, in the words all readers share. */
export function lineError(path: string, line: number, problem: string, cause?: unknown): PawlError {
  return new PawlError('SUITE_INVALID', `${path}, line ${line}: ${problem}`, {
    context: { file: path, line },
    cause,
  });
}

async function readBytes(path: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new PawlError('SUITE_NOT_FOUND', `There is no suite file ${path}. Check the path.`, { cause });
    }
    throw new PawlError('SUITE_INVALID', `${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
  if (!path.endsWith('.gz')) return bytes;
  try {
    return await unzip(bytes, { maxOutputLength: bytesMax });
  } catch (cause) {
    const advice = 'Name it without .gz if it is not compressed, or copy it again.';
    throw new PawlError('SUITE_INVALID', `${path} cannot be unpacked: ${messageOf(cause)}. ${advice}`, {
      cause,
    });
  }
}

function decode(path: string, bytes: Uint8Array): string {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new PawlError('SUITE_INVALID', `${path} is compressed with gzip. Give it a name that ends in .gz.`);
  }
  if (bytes.byteLength > bytesMax) {
    throw new PawlError(
      'SUITE_INVALID',
      `${path} has ${bytes.byteLength} bytes; a suite may have ${bytesMax}.`,
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new PawlError('SUITE_INVALID', `${path} is not UTF-8 text. Suites are JSON lines in UTF-8.`, {
      cause,
    });
  }
}

function parseLine(path: string, number: number, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw lineError(
      path,
      number,
      `not JSON (${messageOf(cause)}). Each line must be one JSON object.`,
      cause,
    );
  }
}

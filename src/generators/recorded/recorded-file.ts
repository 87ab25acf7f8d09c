import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';
import type { Digest } from '../../kernel/brand.ts';
import { sha256Hex } from '../../kernel/digest.ts';
import { messageOf, PawlError } from '../../kernel/pawl-error.ts';

const bytesMax = 256 * 1024 * 1024;
const unzip = promisify(gunzip);

const rowSchema = z.object({
  task_id: z.string().min(1),
  /** First program as the model wrote it. */
  seed: z.string().optional(),
  /** Every program that was executed, in order; the first is the seed made runnable. */
  implementations: z.array(z.string()).default([]),
  /** Program the episode ended with. */
  solution: z.string().optional(),
  /** Tokens of the whole episode. */
  token_nums: z.int().nonnegative().optional(),
});

export interface RecordedProgram {
  readonly program: string;
  /** Model, and the place of the program in the model's episode, 1-based. */
  readonly model: string;
  readonly step: number;
  readonly steps: number;
  /** This program's share of the tokens of its episode; the shares add up to the recorded sum. */
  readonly tokens: number;
}

export interface RecordedFile {
  readonly model: string;
  /** SHA-256 of the file as it is on disk. */
  readonly digest: Digest;
  readonly programs: ReadonlyMap<string, readonly RecordedProgram[]>;
}

/**
 * Reads recorded refinement episodes: JSON lines, plain or (name ends in `.gz`) compressed with gzip.
 *
 * @throws PawlError `SUITE_NOT_FOUND` when there is no such file; `SUITE_INVALID`, naming file and line, when it cannot be
 * used
 */
export async function readRecordedFile(path: string): Promise<RecordedFile> {
  const bytes = await readBytes(path);
  const text = await textOf(path, bytes);
  const model = basename(path).replace(/(\.(results|seed))?\.jsonl(\.gz)?$/, '');
  const programs = new Map<string, RecordedProgram[]>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const row = parseRow(path, index + 1, line);
    const known = programs.get(row.task_id) ?? [];
    programs.set(row.task_id, [...known, ...programsOf(row, model)]);
  }
  if (programs.size === 0) {
    throw new PawlError('SUITE_INVALID', `${path} holds no recorded episode.`, { context: { file: path } });
  }
  return { model, digest: sha256Hex(bytes), programs };
}

function programsOf(row: z.infer<typeof rowSchema>, model: string): readonly RecordedProgram[] {
  const texts = row.implementations.length > 0 ? [...row.implementations] : row.seed ? [row.seed] : [];
  if (row.solution !== undefined && row.solution !== '' && !texts.includes(row.solution))
    texts.push(row.solution);
  const total = row.token_nums ?? 0;
  const share = texts.length === 0 ? 0 : Math.floor(total / texts.length);
  return texts.map((program, at) => ({
    program,
    model,
    step: at + 1,
    steps: texts.length,
    tokens: at === 0 ? total - share * (texts.length - 1) : share,
  }));
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const absent = code === 'ENOENT' || code === 'ENOTDIR';
    const message = absent
      ? `There is no file of recorded programs at ${path}. Check the path.`
      : `${path} cannot be read: ${messageOf(cause)}`;
    throw new PawlError(absent ? 'SUITE_NOT_FOUND' : 'SUITE_INVALID', message, {
      context: { file: path },
      cause,
    });
  }
}

async function textOf(path: string, bytes: Uint8Array): Promise<string> {
  try {
    const plain = path.endsWith('.gz') ? await unzip(bytes, { maxOutputLength: bytesMax }) : bytes;
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch (cause) {
    throw new PawlError(
      'SUITE_INVALID',
      `${path} is not UTF-8 text or cannot be unpacked: ${messageOf(cause)}`,
      {
        context: { file: path },
        cause,
      },
    );
  }
}

function parseRow(path: string, line: number, text: string): z.infer<typeof rowSchema> {
  const refuse = (problem: string, cause: unknown): PawlError =>
    new PawlError('SUITE_INVALID', `${path}, line ${line}: ${problem}`, {
      context: { file: path, line },
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refuse(`not JSON (${messageOf(cause)}). Each line must be one JSON object.`, cause);
  }
  const row = rowSchema.safeParse(value);
  if (!row.success) throw refuse(z.prettifyError(row.error).replaceAll('\n', ' '), row.error);
  return row.data;
}

import { readFile, stat } from 'node:fs/promises';
import { isPawlError, messageOf, PawlError } from '../kernel/pawl-error.ts';
import { parseCheckpoint } from '../ledger/audit/checkpoint.ts';
import { checkpointTextOf, type RememberedCheckpoint } from '../ledger/audit/checkpoint-memory.ts';
import { fileFailure, systemCodeOf } from '../ledger/audit/file-failure.ts';
import { parseVerifierKey } from '../ledger/audit/note-key.ts';
import { noteBytesMax } from '../ledger/audit/note-text.ts';
import { openWithAnyKey } from '../ledger/audit/signed-checkpoints.ts';
import { readPublished } from '../ledger/audit/tiles-files.ts';
import type { OutsideCheckpoint, Trust } from '../ledger/verify/trust.ts';

/** What somebody who verifies says may be believed. */
export interface TrustOptions {
  /** Files with a checkpoint each. */
  readonly checkpoint?: readonly string[];
  /** Verifier keys, or files with one each. */
  readonly verifierKey?: readonly string[];
  /** A directory of tiles. */
  readonly tiles?: string;
}

/**
 * Everything from outside of the ledger that it can be held against.
 *
 * @param ledgerKeys those that the ledger registered, to open tiles with where no key is given
 * @throws PawlError `CHECKPOINT_INVALID`, `SIGNING_KEY_INVALID`, `TILES_DIFFER`, `STORAGE_FAILED`
 */
export async function gatherTrust(
  options: TrustOptions,
  remembered: readonly RememberedCheckpoint[],
  ledgerKeys: readonly string[],
): Promise<Trust> {
  const verifierKeys = await Promise.all((options.verifierKey ?? []).map(readVerifierKey));
  const checkpoints: OutsideCheckpoint[] = remembered.map((checkpoint) => ({
    ...checkpoint,
    source: `remembered on this machine (${timeText(checkpoint.at)})`,
  }));
  for (const path of options.checkpoint ?? []) checkpoints.push(await readCheckpoint(path, verifierKeys));
  if (options.tiles !== undefined) {
    await mustBeDirectory(options.tiles);
    const keys = verifierKeys.length > 0 ? verifierKeys : ledgerKeys;
    const published = await readPublished(options.tiles, keys);
    if (published !== undefined) {
      const { checkpoint, note } = published;
      checkpoints.push({ ...checkpoint, note, source: `published in ${options.tiles}` });
    }
  }
  return { checkpoints, verifierKeys };
}

/** A mistyped path says nothing of the ledger. */
async function mustBeDirectory(path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw fileFailure(error, path);
  });
  if (found?.isDirectory()) return;
  const why = found === null ? 'is not there' : 'is no directory';
  throw new PawlError(
    'STORAGE_FAILED',
    `${path} ${why}; name with --tiles the directory that \`pawl tiles\` wrote.`,
    { context: { path } },
  );
}

async function readVerifierKey(keyOrPath: string): Promise<string> {
  if (/^[^/\\]+\+[0-9a-f]{8}\+/.test(keyOrPath)) return parseVerifierKey(keyOrPath).verifierKey;
  try {
    return parseVerifierKey(keyOrPath).verifierKey;
  } catch {
    return readKeyFile(keyOrPath);
  }
}

async function readKeyFile(path: string): Promise<string> {
  const text = await readText(path).catch((cause: unknown) => {
    if (systemCodeOf(isPawlError(cause) ? cause.cause : cause) !== 'ENOENT') throw cause;
    const message = `"${path}" is no verifier key (NAME+HASH+BASE64), and no file of that name is there.`;
    throw new PawlError('SIGNING_KEY_INVALID', message, { cause });
  });
  try {
    return parseVerifierKey(text.trim()).verifierKey;
  } catch (cause) {
    throw new PawlError('SIGNING_KEY_INVALID', `${path} cannot be used: ${messageOf(cause)}`, {
      context: { path },
      cause,
    });
  }
}

/** Where keys are given a note must be signed with one of them; otherwise whoever names the file vouches for it. */
async function readCheckpoint(path: string, verifierKeys: readonly string[]): Promise<OutsideCheckpoint> {
  const text = await readText(path);
  try {
    const note = text.includes('\n\n') ? text : null;
    if (note !== null && verifierKeys.length > 0) openWithAnyKey(note, verifierKeys);
    return { ...parseCheckpoint(checkpointTextOf(text)), note, source: `in ${path}` };
  } catch (error) {
    throw new PawlError('CHECKPOINT_INVALID', `${path} cannot be used: ${messageOf(error)}`, {
      context: { path },
      cause: error,
    });
  }
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > noteBytesMax) throw new Error('it is too large');
    return await readFile(path, 'utf8');
  } catch (error) {
    throw fileFailure(error, path);
  }
}

function timeText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isPawlError, PawlError } from '../kernel/pawl-error.ts';
import { fileFailure, systemCodeOf } from '../ledger/audit/file-failure.ts';
import { parseVerifierKey } from '../ledger/audit/note-key.ts';
import { placeFile } from '../ledger/audit/place-file.ts';
import { safeFileName } from '../ledger/audit/safe-file-name.ts';
import { type NoteSigner, parseSigningKey } from '../ledger/audit/signed-note.ts';
import { configDirectory } from './user-directories.ts';

const keyBytesMax = 4096;
/** Permissions of group and others, and those of them that change a directory. */
const [forOthers, writableForOthers] = [0o077, 0o022];

/** Where a private key is looked for: `PAWL_KEY`, else by origin; keys that replaced the first one have their id in the name. */
export function signingKeyPaths(origin: string, verifierKey: string | null): readonly string[] {
  const named = process.env['PAWL_KEY'];
  if (named !== undefined && named !== '') return [named];
  const first = join(configDirectory(), 'keys', `${safeFileName(origin)}.key`);
  return verifierKey === null ? [first] : [rotatedKeyPath(origin, verifierKey), first];
}

export function rotatedKeyPath(origin: string, verifierKey: string): string {
  return join(
    configDirectory(),
    'keys',
    `${safeFileName(origin)}.${parseVerifierKey(verifierKey).keyId}.key`,
  );
}

/**
 * The private key of a registered verifier key, with its permissions checked.
 *
 * @throws PawlError `SIGNING_KEY_NOT_FOUND`, `SIGNING_KEY_EXPOSED`, `SIGNING_KEY_INVALID`, `STORAGE_FAILED`
 */
export async function findSigningKey(origin: string, verifierKey: string): Promise<NoteSigner> {
  const paths = signingKeyPaths(origin, verifierKey);
  for (const path of paths) {
    const signer = await readSigningKey(path);
    if (signer === null) continue;
    if (signer.verifierKey === verifierKey) return signer;
    throw new PawlError(
      'SIGNING_KEY_INVALID',
      `${path} is the key of ${signer.verifierKey}, and the ledger registered ${verifierKey}. Name the right one with PAWL_KEY.`,
      { context: { path } },
    );
  }
  throw new PawlError(
    'SIGNING_KEY_NOT_FOUND',
    `The checkpoints of this ledger are signed with the key of "${origin}", and it is not at ${paths.join(' or ')}. Bring it there, name its place with PAWL_KEY, register another one with \`pawl init --new-key\` if it is lost, or set PAWL_UNSIGNED=1 to write without checkpoints.`,
    { context: { origin, path: paths.at(-1) ?? '' } },
  );
}

/**
 * The key in a file, or null when there is none.
 *
 * @throws PawlError `SIGNING_KEY_EXPOSED`, `SIGNING_KEY_INVALID`, `STORAGE_FAILED`
 */
export async function readSigningKey(path: string): Promise<NoteSigner | null> {
  let file: FileHandle;
  try {
    // Looked at through the handle, so that what is checked is what is read; and a pipe keeps nobody waiting.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw fileFailure(error, path);
  }
  try {
    const { mode, uid, size } = await file.stat();
    if ((mode & constants.S_IFMT) !== constants.S_IFREG || size > keyBytesMax) {
      throw new PawlError('SIGNING_KEY_INVALID', `${path} is no key file: a key is one short line.`, {
        context: { path },
      });
    }
    await mustBeOurs(path, mode, uid);
    return parseNamed((await file.readFile('utf8')).trim(), path);
  } finally {
    await file.close();
  }
}

/** With the path, and without any part of what stands there. */
function parseNamed(text: string, path: string): NoteSigner {
  try {
    return parseSigningKey(text);
  } catch (error) {
    if (!isPawlError(error, 'SIGNING_KEY_INVALID')) throw error;
    throw new PawlError('SIGNING_KEY_INVALID', `${path} cannot be used: ${error.message}`, {
      context: { path },
      cause: error,
    });
  }
}

/**
 * Writes a private key where none is, for its owner alone.
 *
 * @returns false when a file is there already
 * @throws PawlError `STORAGE_FULL`, `STORAGE_FAILED`
 */
export function writeSigningKey(path: string, signingKey: string): Promise<boolean> {
  return placeFile(path, `${signingKey}\n`);
}

/** Where the operating system has owners and permissions at all. */
async function mustBeOurs(path: string, mode: number, uid: number): Promise<void> {
  const me = process.getuid?.();
  if (me === undefined) return;
  if (uid !== me) throw exposed(path, 'it belongs to another user');
  if ((mode & forOthers) !== 0) {
    throw exposed(path, `others may use it (mode ${(mode & 0o777).toString(8).padStart(3, '0')})`);
  }
  const directory = dirname(path);
  const found = await stat(directory);
  const sticky = (found.mode & 0o1000) !== 0;
  // Whoever may rename in a directory can put another key in the place of this one.
  if ((found.mode & writableForOthers) !== 0 && !sticky) {
    throw exposed(path, `others may change its directory ${directory}`);
  }
}

function exposed(path: string, why: string): PawlError {
  return new PawlError(
    'SIGNING_KEY_EXPOSED',
    `The signing key ${path} is not safe: ${why}. \`chmod 600\` the file and \`chmod 700\` its directory; if somebody may have read it, make a new one with \`pawl init --new-key\`.`,
    { context: { path } },
  );
}

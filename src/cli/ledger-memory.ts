import { readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Hex } from '../kernel/digest.ts';
import {
  CheckpointMemory,
  type CheckpointToRemember,
  type RememberedCheckpoint,
} from '../ledger/audit/checkpoint-memory.ts';
import { systemCodeOf } from '../ledger/audit/file-failure.ts';
import { replaceFile } from '../ledger/audit/place-file.ts';
import { parseEventstoreAddress } from '../ledger/stores/eventstore/address.ts';
import { isOnServer } from './address-kind.ts';
import { stateDirectory } from './user-directories.ts';

/** What this machine knows of one ledger from before, under every name that the ledger may go by. */
export interface LedgerMemory {
  /** The newest under each name; several when a ledger got a signing key after it was first seen. */
  readonly remembered: readonly RememberedCheckpoint[];
  /** Remembers under the name the ledger has now, and that this is the ledger at this place. */
  remember(checkpoint: CheckpointToRemember): Promise<void>;
  /** For somebody who puts an older copy in place on purpose: nothing of it is remembered any more. */
  forget(): Promise<void>;
}

/**
 * A ledger with a signing key goes by its origin, wherever it lies; one without goes by its place, because nothing in it could
 * tell it from a copy that somebody wrote on in. Which origin was at a place is remembered, too: whoever takes the key out of
 * a ledger, or puts another ledger there, does not thereby make it unknown.
 *
 * @param origins of the keys that the ledger registered, the one in use last
 * @param isNew true when this process made the file: then what lay there before does not matter
 * @throws PawlError `CHECKPOINT_INVALID`, `STORAGE_FAILED`
 */
export async function ledgerMemory(
  address: string,
  origins: readonly string[],
  isNew: boolean,
): Promise<LedgerMemory> {
  const directory = stateDirectory();
  const memory = new CheckpointMemory(join(directory, 'checkpoints'));
  const place = sha256Hex(await placeOf(address)).slice(0, 32);
  const [placeName, placePath] = [`unsigned/${place}`, join(directory, 'places', place)];
  if (isNew) {
    await memory.forget(placeName);
    await rm(placePath, { force: true });
  }
  const originHere = await readPlace(placePath);
  const names = new Set([placeName, ...(originHere === null ? [] : [originHere]), ...origins]);
  const newest = await Promise.all([...names].map((name) => memory.newest(name)));
  const nameNow = origins.at(-1);
  const remember = async (checkpoint: CheckpointToRemember): Promise<void> => {
    await memory.remember(nameNow ?? placeName, checkpoint);
    if (nameNow !== undefined && (await readPlace(placePath)) !== nameNow) {
      await replaceFile(placePath, `${nameNow}\n`);
    }
  };
  const forget = async (): Promise<void> => {
    for (const name of names) await memory.forget(name);
    await rm(placePath, { force: true });
  };
  return { remembered: newest.filter((checkpoint) => checkpoint !== null), remember, forget };
}

/**
 * One text for one ledger, whatever it is called by: of a file its real path, on a server the hosts and the prefix. A password is
 * not in it.
 */
export async function placeOf(address: string): Promise<string> {
  if (isOnServer(address)) {
    const { settings, prefix } = parseEventstoreAddress(address);
    const hosts = settings.hosts.map(({ host, port }) => `${host.toLowerCase()}:${port}`);
    return `esdb://${hosts.toSorted().join(',')}/${prefix}`;
  }
  const path = address.replace(/^sqlite:/, '');
  return realpath(path).catch(() => path);
}

async function readPlace(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trimEnd() || null;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

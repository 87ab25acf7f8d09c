import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Hex } from '../kernel/digest.ts';
import {
  CheckpointMemory,
  type CheckpointToRemember,
  type RememberedCheckpoint,
} from '../ledger/audit/checkpoint-memory.ts';
import { systemCodeOf } from '../ledger/audit/file-failure.ts';
import { replaceFile } from '../ledger/audit/place-file.ts';
import type { EventStore } from '../ledger/event-store.ts';
import { stateDirectory } from './user-directories.ts';

/** What this machine knows of one ledger from before, under every name that the ledger may go by. */
export interface LedgerMemory {
  /** The newest under each name; several when a ledger got a signing key after it was first seen. */
  readonly remembered: readonly RememberedCheckpoint[];
  /** Remembers under the name the ledger has now, and that this is the ledger at this place. */
  remember(checkpoint: CheckpointToRemember): Promise<void>;
}

/**
 * A ledger with a signing key goes by its origin, one without by its first record, which no other ledger has. The place it lies at
 * is remembered, too: whoever takes the key out of a ledger or puts another in its place does not thereby make it unknown.
 *
 * @param origins of the keys that the ledger registered, the one in use last
 * @param isNew true when this process made the file: then what lay there before does not matter
 */
export async function ledgerMemory(
  store: EventStore,
  origins: readonly string[],
  isNew: boolean,
): Promise<LedgerMemory> {
  const directory = stateDirectory();
  const memory = new CheckpointMemory(join(directory, 'checkpoints'));
  const placePath = join(directory, 'places', sha256Hex(await placeOf(store.address)).slice(0, 32));
  const atPlace = isNew ? null : await readPlace(placePath);
  const nameNow = async (): Promise<string | null> => origins.at(-1) ?? (await firstRecordName(store));
  const names = new Set([atPlace, ...origins, await firstRecordName(store)].filter((name) => name !== null));
  const remembered: RememberedCheckpoint[] = [];
  for (const name of names) {
    const newest = await memory.newest(name);
    if (newest !== null) remembered.push(newest);
  }
  const remember = async (checkpoint: CheckpointToRemember): Promise<void> => {
    const name = await nameNow();
    if (name === null) return;
    await memory.remember(name, checkpoint);
    if ((await readPlace(placePath)) !== name) await replaceFile(placePath, `${name}\n`);
  };
  return { remembered, remember };
}

async function placeOf(address: string): Promise<string> {
  const path = address.replace(/^sqlite:/, '');
  return realpath(path).catch(() => path);
}

async function firstRecordName(store: EventStore): Promise<string | null> {
  for await (const [leaf] of store.readLeaves()) {
    return leaf === undefined ? null : `unsigned/${Buffer.from(leaf).toString('hex')}`;
  }
  return null;
}

async function readPlace(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trimEnd() || null;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

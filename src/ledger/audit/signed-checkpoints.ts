import { PawlError } from '../../kernel/pawl-error.ts';
import type { Ledger } from '../ledger.ts';
import { auditStreams } from './audit-streams.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { parseVerifierKey } from './note-key.ts';
import { openNote } from './signed-note.ts';

/** A checkpoint with the signature that makes it one. */
export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** The signed note, verbatim. */
  readonly note: string;
  /** Which of the known keys signed it. */
  readonly verifierKey: string;
}

/** What the ledger says that it signed, before its signature is checked. */
export interface ClaimedCheckpoint {
  readonly size: number;
  readonly note: string;
}

type Streams = Pick<Ledger, 'readStream'>;

/** Every key that the ledger registered for its checkpoints, the one in use last. */
export async function readVerifierKeys(ledger: Streams): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const event of ledger.readStream(auditStreams.keys)) {
    if (event.type === 'SigningKeyRegistered') keys.push(event.data.verifierKey);
  }
  return keys;
}

/** Every checkpoint that the ledger recorded, oldest first. */
export async function* readClaimedCheckpoints(ledger: Streams): AsyncGenerator<ClaimedCheckpoint> {
  for await (const event of ledger.readStream(auditStreams.checkpoints)) {
    if (event.type === 'CheckpointSigned') yield { size: event.data.size, note: event.data.note };
  }
}

/**
 * A checkpoint that one of the keys signed, of the origin that this key is named after.
 *
 * @throws PawlError `CHECKPOINT_INVALID`, `SIGNING_KEY_INVALID`
 */
export function openWithAnyKey(note: string | Uint8Array, verifierKeys: readonly string[]): SignedCheckpoint {
  const verifiers = verifierKeys.map(parseVerifierKey);
  const { text, signedBy } = openNote(note, verifiers);
  const checkpoint = parseCheckpoint(text);
  const signer = signedBy.find(({ name }) => name === checkpoint.origin);
  if (signer === undefined) {
    const names = signedBy.map(({ name }) => name).join(', ');
    throw new PawlError(
      'CHECKPOINT_INVALID',
      `The checkpoint is of "${checkpoint.origin}", but signed by ${names}.`,
      { context: { origin: checkpoint.origin } },
    );
  }
  const whole = typeof note === 'string' ? note : Buffer.from(note).toString('utf8');
  return { checkpoint, note: whole, verifierKey: signer.verifierKey };
}

/**
 * The largest of the ledger's checkpoints that `choose` accepts, with its signature checked.
 *
 * @throws PawlError `SIGNING_KEY_NOT_FOUND` for a ledger that signs none, `LEDGER_POSITION` with the text of `otherwise` when
 * none is accepted, `CHECKPOINT_INVALID` when it does not hold
 */
export async function newestCheckpoint(
  ledger: Streams,
  choose: (size: number) => boolean,
  otherwise: string,
): Promise<SignedCheckpoint> {
  const keys = await readVerifierKeys(ledger);
  if (keys.length === 0) {
    throw new PawlError(
      'SIGNING_KEY_NOT_FOUND',
      'This ledger signs no checkpoints: no key was ever registered. `pawl init` makes one.',
    );
  }
  let newest: ClaimedCheckpoint | undefined;
  for await (const claimed of readClaimedCheckpoints(ledger)) {
    if (choose(claimed.size) && claimed.size >= (newest?.size ?? 0)) newest = claimed;
  }
  if (newest === undefined) throw new PawlError('LEDGER_POSITION', otherwise);
  return openWithAnyKey(newest.note, keys);
}

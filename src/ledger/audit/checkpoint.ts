import { PawlError } from '../../kernel/pawl-error.ts';
import { base64, fromBase64 } from './base64.ts';
import { fromDecimal } from './decimal.ts';
import { parseVerifierKey } from './note-key.ts';
import { decodeNoteText } from './note-text.ts';
import { type NoteSigner, openNote } from './signed-note.ts';
import { emptyRoot, hashBytes } from './tree-hash.ts';

/** What a log says of itself at one size (C2SP tlog-checkpoint): the root over its first `size` records. */
export interface Checkpoint {
  /** Which log: the first line, and by recommendation the name of its key. */
  readonly origin: string;
  readonly size: number;
  /** RFC 6962 root, 32 bytes. */
  readonly root: Uint8Array;
  /** Further lines, opaque; Pawl writes none. */
  readonly extensions: readonly string[];
}

/**
 * The text that is signed: origin, size and root, each on a line, then extensions.
 *
 * @throws PawlError `CHECKPOINT_INVALID` when the parts do not make a checkpoint
 */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const { origin, size, root, extensions } = checkpoint;
  const text = `${[origin, String(size), base64(root), ...extensions].join('\n')}\n`;
  const read = parseCheckpoint(text);
  // A newline inside a part would move the others.
  if (read.origin !== origin || read.extensions.length !== extensions.length) {
    throw invalid('Neither the origin nor an extension of a checkpoint may hold a newline.');
  }
  return text;
}

/**
 * Reads the text of a checkpoint, strictly: one spelling for each checkpoint. It is not to be believed before its signature is.
 *
 * @throws PawlError `CHECKPOINT_INVALID`
 */
export function parseCheckpoint(text: string): Checkpoint {
  if (decodeNoteText(text) === undefined)
    throw invalid('The checkpoint is too large or has control characters.');
  const [origin = '', size = '', encodedRoot = '', ...rest] = text.split('\n');
  const extensions = rest.slice(0, -1);
  if (rest.at(-1) !== '' || origin === '' || extensions.includes('')) {
    throw invalid('A checkpoint has at least three lines (origin, size, root), none of them empty.');
  }
  const root = fromBase64(encodedRoot);
  if (root?.length !== hashBytes) {
    throw invalid(`The root of the checkpoint of "${origin}" is not base 64 of ${hashBytes} bytes.`);
  }
  const checkpoint = { origin, size: parseSize(size), root, extensions };
  if (checkpoint.size === 0 && Buffer.compare(root, emptyRoot()) !== 0) {
    throw invalid(`The checkpoint of "${origin}" has no records but not the root of an empty tree.`);
  }
  return checkpoint;
}

/** The checkpoint as a note signed by `signer`. */
export function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): string {
  return signer.sign(formatCheckpoint(checkpoint));
}

/**
 * A checkpoint that the key signed. Its origin must be `origin`, by default the name of the key.
 *
 * @throws PawlError `SIGNING_KEY_INVALID` for a key that is none, `CHECKPOINT_INVALID` for everything else
 */
export function openCheckpoint(note: string | Uint8Array, verifierKey: string, origin?: string): Checkpoint {
  const verifier = parseVerifierKey(verifierKey);
  const checkpoint = parseCheckpoint(openNote(note, [verifier]).text);
  const expected = origin ?? verifier.name;
  if (checkpoint.origin !== expected) {
    throw new PawlError(
      'CHECKPOINT_INVALID',
      `The checkpoint is of "${checkpoint.origin}"; one of "${expected}" was expected.`,
      { context: { origin: checkpoint.origin, expected } },
    );
  }
  return checkpoint;
}

function parseSize(text: string): number {
  const size = fromDecimal(text);
  if (size === undefined) {
    throw invalid('The size of the checkpoint is not a decimal number without leading zeroes.');
  }
  return size;
}

function invalid(message: string): PawlError {
  return new PawlError('CHECKPOINT_INVALID', message);
}

import { PawlError } from '../../kernel/pawl-error.ts';
import { base64, fromBase64 } from './base64.ts';
import { type NoteKeyId, type NoteVerifier, parseNoteKey } from './note-key.ts';
import { decodeNoteText, isKeyName } from './note-text.ts';

/** Signs texts as C2SP signed notes. */
export interface NoteSigner extends NoteKeyId {
  /** `NAME+HASH+BASE64`, what others are given to check with. */
  readonly verifierKey: string;
  /**
   * The whole note: the text, an empty line, and one signature line. The text ends in a newline.
   *
   * @throws PawlError `CHECKPOINT_INVALID` when the text cannot be that of a note
   */
  sign(text: string): string;
}

export interface OpenedNote {
  /** What was signed, with its final newline. */
  readonly text: string;
  /** Those of the given verifiers whose signature the note carries; at least one. */
  readonly signedBy: readonly NoteVerifier[];
  /** Signatures by others, which say nothing to whoever does not know their keys. */
  readonly unknown: readonly NoteKeyId[];
}

/** The specification asks for 16 at least. Each costs time to check, so there is an end. */
const signaturesMax = 100;
const signatureStart = '— ';

/**
 * Reads a signing key, `PRIVATE+KEY+NAME+HASH+BASE64` as Go's `note` package writes it.
 *
 * @throws PawlError `SIGNING_KEY_INVALID`
 */
export function parseSigningKey(text: string): NoteSigner {
  const key = parseNoteKey(text);
  const { name, keyId, verifierKey } = key;
  const sign = (noteText: string): string => {
    if (decodeNoteText(noteText) === undefined || !noteText.endsWith('\n')) {
      throw invalid('The text cannot be signed: a note ends in a newline and has no control characters.');
    }
    const signature = key.signBytes(Buffer.from(noteText, 'utf8'));
    const line = base64(Buffer.concat([Buffer.from(keyId, 'hex'), signature]));
    return `${noteText}\n${signatureStart}${name} ${line}\n`;
  };
  return { name, keyId, verifierKey, sign };
}

/**
 * Opens a C2SP signed note: the text that at least one of the verifiers signed. Signatures by unknown keys are listed and
 * otherwise ignored; one of a known key that does not hold refuses the whole note.
 *
 * @throws PawlError `CHECKPOINT_INVALID` for a malformed note, a wrong signature, or no signature by a known key
 */
export function openNote(note: string | Uint8Array, verifiers: readonly NoteVerifier[]): OpenedNote {
  const { text, signatures } = parseNote(note);
  const bytes = Buffer.from(text, 'utf8');
  const signedBy = new Set<NoteVerifier>();
  const unknown: NoteKeyId[] = [];
  for (const { name, keyId, signature } of signatures) {
    const known = verifiers.filter((verifier) => verifier.name === name && verifier.keyId === keyId);
    if (known.length === 0) unknown.push({ name, keyId });
    for (const verifier of known) {
      if (!verifier.verify(bytes, signature)) {
        throw invalid(
          `The signature of "${name}" (${keyId}) does not hold: the note or its signature was altered.`,
        );
      }
      signedBy.add(verifier);
    }
  }
  if (signedBy.size === 0) {
    const names = signatures.map(({ name, keyId }) => `${name}+${keyId}`).join(', ');
    throw invalid(`The note is signed by ${names}, and by no key that is known here.`);
  }
  return { text, signedBy: [...signedBy], unknown };
}

interface Signature extends NoteKeyId {
  readonly signature: Uint8Array;
}

function parseNote(note: string | Uint8Array): {
  readonly text: string;
  readonly signatures: readonly Signature[];
} {
  const whole = decodeNoteText(note);
  if (whole === undefined) throw invalid('The note is too large, not UTF-8, or has control characters.');
  const split = whole.lastIndexOf('\n\n');
  if (split < 0 || !whole.endsWith('\n') || split === whole.length - 2) {
    throw invalid(
      'The note has no signatures: they come after the last empty line, each ending in a newline.',
    );
  }
  const lines = whole.slice(split + 2, -1).split('\n');
  if (lines.length > signaturesMax) throw invalid(`The note has more than ${signaturesMax} signatures.`);
  return { text: whole.slice(0, split + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): Signature {
  const [name = '', encoded = '', ...rest] = line.slice(signatureStart.length).split(' ');
  const bytes = fromBase64(encoded);
  const wellFormed = line.startsWith(signatureStart) && rest.length === 0 && isKeyName(name);
  if (!wellFormed || bytes === undefined || bytes.length < 5) {
    throw invalid('A signature line of the note is malformed: it should read "— NAME BASE64".');
  }
  return { name, keyId: Buffer.from(bytes.subarray(0, 4)).toString('hex'), signature: bytes.subarray(4) };
}

function invalid(message: string): PawlError {
  return new PawlError('CHECKPOINT_INVALID', message);
}

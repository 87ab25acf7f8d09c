import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import { sha256Bytes } from '../../kernel/digest.ts';
import { PawlError } from '../../kernel/pawl-error.ts';
import { base64, fromBase64 } from './base64.ts';
import { isKeyName } from './note-text.ts';

/** Who signed: the name of a key and its id together, never one alone. */
export interface NoteKeyId {
  readonly name: string;
  /** First four bytes of SHA-256(name || 0x0A || 0x01 || public key), as eight lower-case hexadecimal digits. */
  readonly keyId: string;
}

export interface NoteVerifier extends NoteKeyId {
  /** `NAME+HASH+BASE64`, what others are given to check with. */
  readonly verifierKey: string;
  /** Whether these 64 bytes are the key's Ed25519 signature of these bytes. */
  verify(bytes: Uint8Array, signature: Uint8Array): boolean;
}

export interface SigningKeyPair {
  /** `PRIVATE+KEY+NAME+HASH+BASE64`: a secret. */
  readonly signingKey: string;
  readonly verifierKey: string;
}

export interface NoteKey extends NoteVerifier {
  /** The key's Ed25519 signature (64 bytes) of these bytes. */
  signBytes(bytes: Uint8Array): Uint8Array;
}

const keyBytes = 32;
/** Longer names do not fit the event that registers a key. */
const nameLengthMax = 200;
/** Signature type of Ed25519 in signed notes. */
const ed25519Type = Buffer.from([0x01]);
/** What RFC 8410 puts before the 32 bytes of an Ed25519 private key (PKCS #8) and of a public key (SPKI). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * A new Ed25519 key under a name, in the two text forms of Go's `note` package. The randomness is the operating system's: a
 * key must not be repeatable.
 *
 * @throws PawlError `SIGNING_KEY_INVALID` when the name cannot be one
 */
export function generateSigningKey(name: string): SigningKeyPair {
  return signingKeyFromSeed(name, randomBytes(keyBytes));
}

/**
 * The key of a 32-byte Ed25519 seed (RFC 8032): whoever knows the seed has the key.
 *
 * @throws PawlError `SIGNING_KEY_INVALID`
 */
export function signingKeyFromSeed(name: string, seed: Uint8Array): SigningKeyPair {
  if (!isKeyName(name) || name.length > nameLengthMax) {
    const rule = `1 to ${nameLengthMax} characters without spaces, control characters and "+"`;
    throw invalid(`"${name}" cannot name a signing key: a name has ${rule}, for example example.com/ledger.`);
  }
  if (seed.length !== keyBytes) throw invalid(`An Ed25519 seed has ${keyBytes} bytes, not ${seed.length}.`);
  const { verifierKey, keyId } = describePublicKey(name, publicBytes(privateKeyOf(seed)));
  const secret = base64(Buffer.concat([ed25519Type, seed]));
  return { signingKey: `PRIVATE+KEY+${name}+${keyId}+${secret}`, verifierKey };
}

/**
 * Reads `PRIVATE+KEY+NAME+HASH+BASE64` (Ed25519). No part of the text is ever put into an error.
 *
 * @throws PawlError `SIGNING_KEY_INVALID`
 */
export function parseNoteKey(text: string): NoteKey {
  const [first, second, name = '', keyId = '', encoded = ''] = splitKey(text, 5);
  if (first !== 'PRIVATE' || second !== 'KEY' || !isKeyName(name)) {
    throw invalid('The text is not a signing key: it should read PRIVATE+KEY+NAME+HASH+BASE64.');
  }
  const privateKey = privateKeyOf(ed25519Bytes(encoded, 'signing key'));
  const verifier = verifierOf(name, publicBytes(privateKey));
  checkKeyId(verifier, keyId, 'signing key');
  return { ...verifier, signBytes: (bytes) => sign(null, bytes, privateKey) };
}

/**
 * Reads `NAME+HASH+BASE64` (Ed25519).
 *
 * @throws PawlError `SIGNING_KEY_INVALID`
 */
export function parseVerifierKey(text: string): NoteVerifier {
  const [name = '', keyId = '', encoded = ''] = splitKey(text, 3);
  if (!isKeyName(name)) {
    throw invalid('The text is not a verifier key: it should read NAME+HASH+BASE64.');
  }
  const verifier = verifierOf(name, ed25519Bytes(encoded, 'verifier key'));
  checkKeyId(verifier, keyId, 'verifier key');
  return verifier;
}

/** Splits at the first plus signs only: base 64 has plus signs of its own. */
function splitKey(text: string, parts: number): string[] {
  const pieces = text.split('+');
  return [...pieces.slice(0, parts - 1), pieces.slice(parts - 1).join('+')];
}

function ed25519Bytes(encoded: string, what: string): Uint8Array {
  const bytes = fromBase64(encoded);
  if (bytes === undefined || bytes.length !== 1 + keyBytes || bytes[0] !== ed25519Type[0]) {
    throw invalid(
      `The last part of the ${what} is not an Ed25519 key: base 64 of 0x01 and ${keyBytes} bytes.`,
    );
  }
  return bytes.subarray(1);
}

function checkKeyId(verifier: NoteVerifier, keyId: string, what: string): void {
  if (keyId === verifier.keyId) return;
  const { name } = verifier;
  throw invalid(
    `The hash in the ${what} of "${name}" is not that of its name and key; it was altered or cut.`,
  );
}

function verifierOf(name: string, publicKey: Uint8Array): NoteVerifier {
  const key = createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: 'der', type: 'spki' });
  return {
    name,
    ...describePublicKey(name, publicKey),
    verify: (bytes, signature) => verify(null, bytes, key, signature),
  };
}

/** Key id by the formula of the C2SP signed-note, section "Ed25519 signatures". */
function describePublicKey(name: string, publicKey: Uint8Array): { keyId: string; verifierKey: string } {
  const typed = Buffer.concat([ed25519Type, publicKey]);
  const digest = sha256Bytes(Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), typed]));
  const keyId = Buffer.from(digest.subarray(0, 4)).toString('hex');
  return { keyId, verifierKey: `${name}+${keyId}+${base64(typed)}` };
}

function privateKeyOf(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
}

function publicBytes(privateKey: KeyObject): Uint8Array {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(spkiPrefix.length);
}

function invalid(message: string): PawlError {
  return new PawlError('SIGNING_KEY_INVALID', message);
}

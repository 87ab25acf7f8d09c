import { hash } from 'node:crypto';

/** SHA-256 gives 32 bytes; every hash of the tree has this length. */
export const hashBytes = 32;

/** Root of the tree over nothing: SHA-256 of the empty string (RFC 6962 section 2.1). */
export function emptyRoot(): Uint8Array {
  return digest(new Uint8Array(0));
}

/** RFC 6962 section 2.1: SHA-256(0x00 || record). The prefix keeps a leaf from ever passing for an inner node. */
export function leafHash(record: Uint8Array): Uint8Array {
  const { buffer, byteOffset, length } = record;
  // An encoder that leaves a zero byte in front of its record saves the copy that prefixing needs. Whoever wrote that zero,
  // hashing from it on is hashing exactly 0x00 || record.
  if (byteOffset > 0) {
    const prefixed = new Uint8Array(buffer, byteOffset - 1, length + 1);
    if (prefixed[0] === 0) return digest(prefixed);
  }
  const prefixed = Buffer.allocUnsafe(length + 1);
  prefixed[0] = 0;
  prefixed.set(record, 1);
  return digest(prefixed);
}

const nodeInput = Buffer.alloc(1 + 2 * hashBytes, 1);

/** RFC 6962 section 2.1: SHA-256(0x01 || left || right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + hashBytes);
  return digest(nodeInput);
}

/** A one-byte string and a pooled buffer cost half of what a buffer of the digest's own does, and this is the hot path. */
function digest(bytes: Uint8Array): Uint8Array {
  return Buffer.from(hash('sha256', bytes, 'binary'), 'latin1');
}

import { hash } from 'node:crypto';
import type { Digest } from './brand.ts';
import { canonicalJson } from './canonical-json.ts';

/** SHA-256 of bytes (or of a text's UTF-8 bytes), as lower-case hexadecimal. */
export function sha256Hex(content: string | Uint8Array): Digest {
  return hash('sha256', content, 'hex') as Digest;
}

/** SHA-256 of bytes as 32 raw bytes. */
export function sha256Bytes(content: string | Uint8Array): Uint8Array {
  return hash('sha256', content, 'buffer');
}

/** Digest of a JSON value by its canonical text, so that key order never matters. */
export function digestOf(value: unknown): Digest {
  return sha256Hex(canonicalJson(value));
}

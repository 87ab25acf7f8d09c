/** Standard base 64 (RFC 4648 section 4), as all C2SP texts use it. */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/**
 * The bytes of a base 64 text, or undefined when it is not exactly what `base64` writes for them. Decoders that skip foreign
 * characters or unused bits let two texts mean the same bytes; evidence has one spelling.
 */
export function fromBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createDeflate } from 'node:zlib';
import type { Digest } from '../../kernel/brand.ts';

/** Bytes of a line of base 64: 120 characters. */
const lineBytes = 90;
const batchCharacters = 256 * 1024;

/**
 * Lines of text as they stand in the page: UTF-8, compressed with zlib, base 64 in lines of 120 characters. Returns the
 * digest of the compressed bytes at its end.
 */
export async function* encodeContainer(lines: AsyncIterable<string>): AsyncGenerator<string, Digest> {
  const hash = createHash('sha256');
  const compressed = createDeflate({ level: 9 });
  // What fails on the way in destroys the compressor with that error, and the loop below throws it.
  pipeline(Readable.from(batches(lines), { objectMode: true }), compressed, () => undefined);
  let rest: Uint8Array = Buffer.alloc(0);
  try {
    for await (const chunk of compressed as AsyncIterable<Uint8Array>) {
      hash.update(chunk);
      const bytes = Buffer.concat([rest, chunk]);
      const whole = bytes.length - (bytes.length % lineBytes);
      if (whole > 0) yield base64Lines(bytes.subarray(0, whole));
      rest = bytes.subarray(whole);
    }
  } finally {
    compressed.destroy();
  }
  if (rest.length > 0) yield base64Lines(rest);
  return hash.digest('hex') as Digest;
}

/** Base 64 in lines of 120 characters, each ended by a newline. */
export function base64Lines(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('base64')
    .replaceAll(/.{1,120}/g, '$&\n');
}

/** A call of the compressor for each line would cost more than the compression. */
async function* batches(lines: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let batch = '';
  for await (const line of lines) {
    batch += `${line}\n`;
    if (batch.length < batchCharacters) continue;
    yield Buffer.from(batch, 'utf8');
    batch = '';
  }
  if (batch !== '') yield Buffer.from(batch, 'utf8');
}

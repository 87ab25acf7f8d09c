import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createInflate } from 'node:zlib';
import { isPawlError, messageOf } from '../../kernel/pawl-error.ts';
import type { BundleFile } from './bundle-file.ts';
import { bundleEnding, bundleLimits } from './bundle-format.ts';
import { bundleInvalid } from './bundle-invalid.ts';
import { base64Lines } from './encode-container.ts';

/** 120 characters and a newline; a whole number of them decodes without a rest. */
const encodedLineBytes = 121;
const newline = 0x0a;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The lines of a container, one after the other, and then the check that nothing in it or behind it was changed since it
 * was written. However the file was made, it never inflates to more than a bundle may have.
 *
 * @throws PawlError `BUNDLE_INVALID`
 */
export async function* decodeContainer(file: BundleFile): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const inflate = createInflate();
  pipeline(Readable.from(compressed(file, hash), { objectMode: true }), inflate, () => undefined);
  const bound = inflatedMax(file.containerEnd - file.containerStart);
  try {
    yield* lines(bounded(inflate, bound));
  } catch (error) {
    if (isPawlError(error)) throw error;
    throw bundleInvalid(`The data of the bundle cannot be decompressed: ${messageOf(error)}`, error);
  } finally {
    inflate.destroy();
  }
  await checkEnding(file, hash.digest('hex'));
}

function inflatedMax(encodedBytes: number): number {
  const { inflatedBytesMax, inflatedRatioMax, inflatedBytesFree } = bundleLimits;
  return Math.min(inflatedBytesMax, inflatedBytesFree + inflatedRatioMax * encodedBytes);
}

async function* compressed(
  file: BundleFile,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = Buffer.alloc(0);
  for await (const chunk of file.read(file.containerStart, file.containerEnd)) {
    const text = Buffer.concat([rest, chunk]);
    const whole = text.length - (text.length % encodedLineBytes);
    rest = text.subarray(whole);
    if (whole === 0) continue;
    const bytes = decodeLines(text.subarray(0, whole));
    hash.update(bytes);
    yield bytes;
  }
  if (rest.length === 0) return;
  const bytes = decodeLines(Buffer.from(rest));
  hash.update(bytes);
  yield bytes;
}

/** Only what the encoder writes: a decoder that skips foreign characters would let a changed file pass for the same. */
function decodeLines(text: Buffer): Uint8Array {
  const bytes = Buffer.from(text.toString('latin1'), 'base64');
  if (base64Lines(bytes) === text.toString('latin1')) return bytes;
  throw bundleInvalid('The data of the bundle is not base 64 in lines of 120 characters: it was altered.');
}

async function* bounded(chunks: AsyncIterable<Uint8Array>, max: number): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.length;
    if (total > max) throw bundleInvalid(`The data of the bundle inflates to more than ${max} bytes.`);
    yield chunk;
  }
}

async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let pending: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      pending.push(chunk.subarray(from, end));
      yield decodeText(pending);
      pending = [];
      length = 0;
      from = end + 1;
    }
    const rest = chunk.subarray(from);
    length += rest.length;
    if (length > bundleLimits.lineBytesMax) {
      throw bundleInvalid(`A line of the data has more than ${bundleLimits.lineBytesMax} bytes.`);
    }
    if (rest.length > 0) pending.push(rest);
  }
  if (pending.length > 0) throw bundleInvalid('The data of the bundle ends within a line.');
}

function decodeText(pieces: readonly Uint8Array[]): string {
  try {
    return utf8.decode(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces));
  } catch (cause) {
    throw bundleInvalid('A line of the data is not UTF-8.', cause);
  }
}

async function checkEnding(file: BundleFile, digest: string): Promise<void> {
  const expected = Buffer.from(bundleEnding(digest), 'utf8');
  if (file.bytes - file.containerEnd === expected.length) {
    const found: Uint8Array[] = [];
    for await (const chunk of file.read(file.containerEnd, file.bytes)) found.push(chunk);
    if (Buffer.compare(Buffer.concat(found), expected) === 0) return;
  }
  throw bundleInvalid('The data of the bundle, or the digest that stands behind it, was altered.');
}

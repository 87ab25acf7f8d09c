import { invariant } from '../../kernel/pawl-error.ts';

const lengthBytes = 2;
const entryBytesMax = 0xffff;

/** Records one after the other, each behind its length as a big-endian 16-bit number (C2SP tlog-tiles, "Log entries"). */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    entries.flatMap((entry) => {
      invariant(
        entry.length <= entryBytesMax,
        `A record of ${entry.length} bytes does not fit an entry bundle.`,
      );
      return [Buffer.from([entry.length >> 8, entry.length & 0xff]), entry];
    }),
  );
}

/** The records of a bundle, or undefined when its lengths do not add up. */
export function decodeEntryBundle(bundle: Uint8Array): readonly Uint8Array[] | undefined {
  const bytes = Buffer.from(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Uint8Array[] = [];
  let next = 0;
  while (next + lengthBytes <= bytes.length) {
    const start = next + lengthBytes;
    next = start + bytes.readUInt16BE(next);
    entries.push(bytes.subarray(start, next));
  }
  return next === bytes.length ? entries : undefined;
}

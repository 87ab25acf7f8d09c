import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { encodeBlob } from '../../src/ledger/stores/sqlite/blob-codec.ts';

/** So many bytes of a text are enough to recognise it, also where the rest was written over. */
const fragmentBytes = 16;

/** What a zstd frame begins with (its size, the tree of its code) may be that of another blob as well. */
const frameStartBytes = 48;

/**
 * The files beside and including a ledger that hold any fragment of a blob's bytes, raw or as they are stored. Every run of 16
 * bytes that does not consist of one value counts as a fragment, so that what was half overwritten is found as well.
 */
export function filesHolding(path: string, bytes: Uint8Array): string[] {
  const stored = encodeBlob(bytes);
  const fragments: Buffer[] = fragmentsOf(bytes);
  if (stored.encoding === 'zstd') fragments.push(...fragmentsOf(stored.bytes.subarray(frameStartBytes)));
  const name = basename(path);
  return readdirSync(dirname(path))
    .filter((file) => file.startsWith(name))
    .filter((file) => {
      const content = readFileSync(join(dirname(path), file));
      return fragments.some((fragment) => content.includes(fragment));
    });
}

function fragmentsOf(bytes: Uint8Array): Buffer[] {
  const fragments: Buffer[] = [];
  for (let start = 0; start + fragmentBytes <= bytes.length; start += fragmentBytes) {
    const fragment = bytes.subarray(start, start + fragmentBytes);
    if (fragment.some((byte) => byte !== fragment[0])) fragments.push(Buffer.from(fragment));
  }
  return fragments;
}

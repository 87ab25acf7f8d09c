import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { sha256Hex } from '../../../kernel/digest.ts';
import type { NewBlob } from '../../event-store.ts';
import { blobCorrupt } from '../store-errors.ts';

export interface StoredBlob {
  readonly encoding: 'raw' | 'zstd';
  /** Length of the raw bytes. */
  readonly size: number;
  readonly bytes: Uint8Array;
}

/** Below this a zstd frame saves next to nothing. */
const compressBytesMin = 256;

const options = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

export function encodeBlob(bytes: Uint8Array): StoredBlob {
  const size = bytes.length;
  if (size >= compressBytesMin) {
    const compressed = zstdCompressSync(bytes, options);
    if (compressed.length < size) return { encoding: 'zstd', size, bytes: compressed };
  }
  return { encoding: 'raw', size, bytes };
}

/** @throws PawlError `BLOB_CORRUPT` when what is stored does not decode to the digest's bytes */
export function decodeBlob(digest: NewBlob['digest'], stored: StoredBlob): Uint8Array {
  let bytes = stored.bytes;
  if (stored.encoding === 'zstd') {
    try {
      // The recorded size bounds what a damaged frame can make us allocate.
      bytes = zstdDecompressSync(stored.bytes, { maxOutputLength: Math.max(1, stored.size) });
    } catch (cause) {
      throw blobCorrupt(digest, cause);
    }
  }
  if (bytes.length !== stored.size || sha256Hex(bytes) !== digest) throw blobCorrupt(digest);
  return bytes;
}

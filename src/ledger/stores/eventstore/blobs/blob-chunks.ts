import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Digest } from '../../../../kernel/brand.ts';
import { sha256Bytes, sha256Hex } from '../../../../kernel/digest.ts';
import { blobCorrupt } from '../../store-errors.ts';
import { eventUuid } from '../event-uuid.ts';
import type { LogEvent, NewLogEvent } from '../log-client.ts';
import { parsedObject } from '../parsed-object.ts';

/** Raw bytes of every chunk but the last; never changes, because two writers must cut alike. */
export const chunkBytes = 512 * 1024;
/** Below this a zstd frame saves next to nothing. */
const compressBytesMin = 256;
const options = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

export interface BlobTypes {
  readonly chunk: string;
  readonly blobEnd: string;
}

/** Number of events that hold a blob of so many raw bytes: its chunks, and the end. */
export function blobEvents(bytes: number): number {
  return Math.ceil(bytes / chunkBytes) + 1;
}

/**
 * The event at a place of a blob's stream. Its id follows from digest and place alone: writers whose compressors differ still
 * write the same thing.
 */
export function blobEvent(types: BlobTypes, digest: Digest, bytes: Uint8Array, index: number): NewLogEvent {
  const id = eventUuid(sha256Bytes(`${digest}/${index}`));
  if (index === blobEvents(bytes.length) - 1) {
    const data = text({ bytes: bytes.length, chunks: index });
    return { id, type: types.blobEnd, data, metadata: text({ digest }) };
  }
  const raw = bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes);
  const compressed = raw.length >= compressBytesMin ? zstdCompressSync(raw, options) : raw;
  const encoding = compressed.length < raw.length ? 'zstd' : 'raw';
  const data = encoding === 'zstd' ? compressed : raw;
  return { id, type: types.chunk, data, metadata: text({ encoding, bytes: raw.length }) };
}

/** The length a blob's last event tells, or null where the event is not an end. */
export function blobLength(types: BlobTypes, event: LogEvent): number | null {
  if (event.type !== types.blobEnd) return null;
  const { bytes } = parsedObject(event.data);
  return typeof bytes === 'number' && bytes >= 0 ? bytes : null;
}

/** @throws PawlError `BLOB_CORRUPT` when the events of a complete stream do not make up the digest's bytes */
export function joinChunks(digest: Digest, events: readonly LogEvent[]): Uint8Array {
  const chunks = events.slice(0, -1).map((event, index) => {
    if (event.revision !== index) throw blobCorrupt(digest);
    const { encoding, bytes } = parsedObject(event.metadata);
    if (encoding === 'raw') return event.data;
    try {
      // The recorded size bounds what a damaged frame can make us allocate.
      const maxOutputLength = Math.min(chunkBytes, Math.max(1, Number(bytes)));
      return zstdDecompressSync(event.data, { maxOutputLength });
    } catch (cause) {
      throw blobCorrupt(digest, cause);
    }
  });
  const joined = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.length;
  }
  if (sha256Hex(joined) !== digest) throw blobCorrupt(digest);
  return joined;
}

function text(value: Readonly<Record<string, string | number>>): Uint8Array {
  return Buffer.from(JSON.stringify(value), 'utf8');
}

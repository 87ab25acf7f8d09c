import { PawlError } from '../../../src/kernel/pawl-error.ts';
import type { OutputChunk } from './container.ts';

const headerBytes = 8;
const names = { 1: 'stdout', 2: 'stderr' } as const;

export interface Demultiplexer {
  /**
   * What of the streams is in this chunk. The bytes are views into it: a piece is passed on as it comes, whatever length its
   * header claims, and nothing is kept but a header that is not whole yet.
   *
   * @throws PawlError `SANDBOX_FAILED` for a header that no engine writes
   */
  push(chunk: Buffer): readonly OutputChunk[];
  /** True between pieces, where a stream may end. */
  isWhole(): boolean;
}

/**
 * Takes apart the stream in which the engine sends a container's two outputs: before each piece 8 bytes, which are 1
 * (standard output) or 2 (standard error), three zeros, and the piece's length, big-endian.
 */
export function createDemultiplexer(): Demultiplexer {
  const header = Buffer.alloc(headerBytes);
  let headerFilled = 0;
  let remaining = 0;
  let stream: OutputChunk['stream'] = 'stdout';

  const readHeader = (): void => {
    const kind = header.readUInt32LE(0);
    if (kind !== 1 && kind !== 2) {
      throw new PawlError(
        'SANDBOX_FAILED',
        `The engine sent ${header.toString('hex')} where a container's output must have a header.`,
      );
    }
    stream = names[kind];
    remaining = header.readUInt32BE(4);
    headerFilled = 0;
  };
  return {
    push: (chunk) => {
      const pieces: OutputChunk[] = [];
      let at = 0;
      while (at < chunk.length) {
        if (remaining > 0) {
          const end = Math.min(chunk.length, at + remaining);
          pieces.push({ stream, bytes: chunk.subarray(at, end) });
          remaining -= end - at;
          at = end;
        } else {
          const end = Math.min(chunk.length, at + headerBytes - headerFilled);
          headerFilled += chunk.copy(header, headerFilled, at, end);
          at = end;
          if (headerFilled === headerBytes) readHeader();
        }
      }
      return pieces;
    },
    isWhole: () => remaining === 0 && headerFilled === 0,
  };
}

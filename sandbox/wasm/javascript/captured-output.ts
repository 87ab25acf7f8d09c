import type { ExecutionResult } from '../../../src/events/execution-result.ts';

/** One stream of the program, kept up to a number of UTF-8 bytes. */
export interface OutputCapture {
  /** False when this text went over the cap; what fits of it is kept. */
  write(text: string): boolean;
  read(): ExecutionResult['stdout'];
}

export function createOutputCapture(bytesMax: number): OutputCapture {
  const pieces: string[] = [];
  let bytesKept = 0;
  let bytesTotal = 0;
  return {
    write: (text) => {
      const bytes = Buffer.from(text, 'utf8');
      bytesTotal += bytes.length;
      const room = bytesMax - bytesKept;
      if (bytes.length <= room) {
        pieces.push(text);
        bytesKept += bytes.length;
        return true;
      }
      const whole = wholeCharacters(bytes, room);
      pieces.push(bytes.toString('utf8', 0, whole));
      bytesKept = bytesMax; // nothing shorter may follow what was cut
      return false;
    },
    read: () => ({
      text: pieces.join(''),
      bytesTotal,
      truncated: bytesTotal > bytesKept || bytesTotal > bytesMax,
    }),
  };
}

/** The largest length up to `bytesMax` that does not end inside a character. */
function wholeCharacters(bytes: Uint8Array, bytesMax: number): number {
  let length = bytesMax;
  while (length > 0 && ((bytes[length] ?? 0) & 0xc0) === 0x80) length -= 1;
  return length;
}

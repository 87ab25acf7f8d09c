import { writeSync } from 'node:fs';

const asleep = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes to standard output before it returns, so that nothing of it is in a buffer of ours when the process is killed. Whoever
 * reads may be slow; a pipe that is full is waited for.
 */
export function printAtOnce(text: string): void {
  for (let rest = Buffer.from(text); rest.length > 0; ) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(asleep, 0, 0, 1);
    }
  }
}

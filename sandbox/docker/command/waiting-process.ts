import { randomBytes } from 'node:crypto';
import type { OutputChunk, RunningContainer } from '../container/container.ts';

/**
 * The first process of a container for commands. It only waits, and for every word that it is sent it ends all other processes
 * and says the word again. `kill` is a part of the shell, so that it needs no process of its own: a program that left as many
 * as there may be is ended like any other, and in one step of the kernel, so that none of them can make another meanwhile.
 */
export const waitingCommand: readonly string[] = [
  'sh',
  '-c',
  'while read -r word; do kill -9 -1; echo "$word"; done',
];

/** Read while waiting for an answer, bytes: the program can write there too, as much as the buffers on the way hold. */
const noiseBytesMax = 4 * 1024 * 1024;

export interface WaitingProcess {
  /**
   * Ends everything else in the container. False when the first process is gone or does not answer in time, which only the
   * program in the container or the end of the container can have brought about.
   */
  endOthers(deadlineMs: number): Promise<boolean>;
}

export function waitingProcess({
  output,
  write,
}: Pick<RunningContainer, 'output' | 'write'>): WaitingProcess {
  const pieces: AsyncIterator<OutputChunk> = output[Symbol.asyncIterator]();

  const hears = async (word: string): Promise<boolean> => {
    let end = '';
    for (let noiseBytes = 0; noiseBytes < noiseBytesMax; ) {
      const next = await pieces.next();
      if (next.done === true) return false;
      const { stream, bytes } = next.value;
      noiseBytes += bytes.length;
      if (stream !== 'stdout') continue;
      const text = end + bytes.toString('latin1');
      if (text.includes(word)) return true;
      end = text.slice(-word.length);
    }
    return false;
  };
  return {
    endOthers: async (deadlineMs) => {
      const word = randomBytes(16).toString('hex');
      const { promise: late, resolve } = Promise.withResolvers<false>();
      const timer = setTimeout(() => resolve(false), deadlineMs);
      const answer = write(Buffer.from(`${word}\n`)).then(() => hears(word));
      answer.catch(() => {}); // after the deadline nobody looks at it
      try {
        return await Promise.race([answer, late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

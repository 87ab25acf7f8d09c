import type { Duplex } from 'node:stream';
import type { OutputChunk } from './container.ts';
import { createDemultiplexer } from './demultiplex.ts';

/** Read ahead of whoever pulls, bytes, so that an end is noticed although nobody pulls. */
const aheadBytesMax = 64 * 1024;

export interface OutputReader {
  /** Null at the end. Pulls that are made at once are answered in order. */
  next(): Promise<OutputChunk | null>;
  /** The connection is at its end; what it brought may still be there to be pulled. */
  hasEnded(): boolean;
}

/**
 * A container's output, read by pulling from the connection that is attached to it. What is held here is what was read ahead
 * and one buffer of the connection; then reading stops, the engine's writes block, and the container's with them.
 *
 * @param explain makes an error of what broke the connection, or null where it simply ended
 */
export function readOutput(
  connection: Duplex,
  explain: (error: unknown) => Promise<Error | null>,
): OutputReader {
  const demultiplexer = createDemultiplexer();
  const pieces: OutputChunk[] = [];
  let bytes = 0;
  let ended = false;
  let broken: unknown = null;
  let wake = (): void => {};

  const fill = (): void => {
    while (!ended && bytes < aheadBytesMax) {
      const chunk = connection.read() as Buffer | null;
      if (chunk === null) break;
      try {
        for (const piece of demultiplexer.push(chunk)) {
          pieces.push(piece);
          bytes += piece.bytes.length;
        }
      } catch (error) {
        end(error);
        connection.destroy();
      }
    }
    if (pieces.length > 0) wake();
  };
  const end = (error: unknown): void => {
    if (ended) return;
    ended = true;
    broken =
      error ?? (demultiplexer.isWhole() ? null : new Error('The output ends in the middle of a piece.'));
    wake();
  };
  connection.on('readable', fill);
  connection.on('end', () => end(null));
  connection.on('error', end);
  connection.on('close', () => end(null));

  const pull = async (): Promise<OutputChunk | null> => {
    for (;;) {
      fill();
      const piece = pieces.shift();
      if (piece !== undefined) {
        bytes -= piece.bytes.length;
        return piece;
      }
      if (ended) {
        const error = await explain(broken);
        if (error !== null) throw error;
        return null;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await promise;
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    next: () => {
      const result = last.then(pull);
      last = result.catch(() => {});
      return result;
    },
    hasEnded: () => ended,
  };
}

import type { CapturedOutput } from '../../../src/events/execution-result.ts';

/** What a candidate wrote to one stream: counted whole, kept up to a cap. */
export interface KeptOutput {
  /** Returns how many bytes were written by now, kept or not. */
  write(bytes: Uint8Array): number;
  result(): CapturedOutput;
  /** What was kept, as it came. */
  bytes(): Buffer;
}

export function keptOutput(bytesMax: number): KeptOutput {
  let chunks: Buffer[] = [];
  let bytesKept = 0;
  let bytesTotal = 0;
  const whole = (): Buffer => {
    const all = Buffer.concat(chunks);
    chunks = [all];
    return all;
  };
  return {
    write: (bytes) => {
      const room = Math.min(bytes.length, bytesMax - bytesKept);
      // Copied, because the chunk is a view of a much larger buffer that could not be let go.
      if (room > 0) chunks.push(Buffer.from(bytes.subarray(0, room)));
      bytesKept += room;
      bytesTotal += bytes.length;
      if (chunks.length > 1_000) whole();
      return bytesTotal;
    },
    result: () => {
      const truncated = bytesTotal > bytesKept;
      // With `stream` an incomplete character at the cut is held back instead of becoming a replacement character.
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
      const text = decoder.decode(whole(), { stream: truncated });
      return { text, bytesTotal, truncated };
    },
    bytes: whole,
  };
}

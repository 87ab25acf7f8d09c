import type { CapturedOutput } from '../../../src/events/execution-result.ts';
import { Stop } from './stop.ts';

/** What a program wrote to one stream, kept up to a cap; going over it ends the execution. */
export class OutputCapture {
  private readonly name: string;
  private bytesMax = 0;
  private bytesTotal = 0;
  private bytesKept = 0;
  private chunks: Uint8Array[] = [];

  constructor(name: string) {
    this.name = name;
  }

  reset(bytesMax: number): void {
    this.bytesMax = bytesMax;
    this.bytesTotal = 0;
    this.bytesKept = 0;
    this.chunks = [];
  }

  write(bytes: Uint8Array): void {
    const kept = Math.min(bytes.length, this.bytesMax - this.bytesKept);
    if (kept > 0) this.chunks.push(bytes.slice(0, kept)); // the memory behind `bytes` is the interpreter's
    this.bytesKept += kept;
    this.bytesTotal += bytes.length;
    if (this.chunks.length > 1_000) this.chunks = [Buffer.concat(this.chunks)];
    if (this.bytesTotal > this.bytesMax) {
      throw new Stop(
        'output_limit',
        'OutputLimitExceeded',
        `the program wrote more than ${this.bytesMax} bytes to ${this.name}`,
      );
    }
  }

  result(): CapturedOutput {
    const truncated = this.bytesTotal > this.bytesKept;
    // With `stream` an incomplete character at the cut is held back instead of becoming a replacement character.
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(this.chunks), {
      stream: truncated,
    });
    return { text, bytesTotal: this.bytesTotal, truncated };
  }
}

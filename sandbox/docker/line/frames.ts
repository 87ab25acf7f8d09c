/**
 * What a container's supervisor (`sandbox/docker/agents`) and this side tell each other over the container's standard input
 * and output. A frame is one kind byte, the payload's length as four bytes big-endian, and the payload.
 *
 * | to the supervisor | payload |
 * |---|---|
 * | `S` start | JSON `StartOrder` |
 * | `M` message | bytes for the candidate's process, as the tests' side made them |
 * | `E` end | empty: end everything of this execution, clean up, report |
 *
 * | from the supervisor | payload |
 * |---|---|
 * | `R` ready | JSON `Ready`: takes a start order. In a `batch` container once more after each clean end |
 * | `M` message | nonce, then bytes of the candidate's process |
 * | `1`, `2` output | nonce, then what the candidate wrote to standard output or standard error |
 * | `D` done | nonce, then JSON `Done`: the candidate's process is gone and its output has been sent |
 *
 * Everything that comes from a container is a claim of the candidate: it is bounded and parsed strictly, and no verdict is
 * taken from it. The nonce ties a frame to its execution, so that nothing left over from one is taken for the next.
 */
import { z } from 'zod';

export const protocolVersion = 1;
/** Bytes of the nonce in front of a payload. */
export const nonceBytes = 16;
/** Largest message between the tests and the candidate, bytes. */
export const messageBytesMax = 16 * 1024 * 1024;
export const payloadBytesMax = messageBytesMax + nonceBytes;

export type OrderKind = 'S' | 'M' | 'E';

export interface StartOrder {
  /** 32 hexadecimal digits, new for every execution. */
  readonly nonce: string;
  /** The user of the candidate's process, where the supervisor may choose one; null: its own. */
  readonly user: number | null;
  /** Kept from the candidate's process by the kernel (`setrlimit`). */
  readonly cpuSecondsMax: number;
  readonly fileBytesMax: number;
  readonly openFilesMax: number;
  /** The supervisor stops reading a stream that has brought more than this, and ends the execution. */
  readonly outputBytesMax: number;
}

const countSchema = z.int().nonnegative();

export const readySchema = z.strictObject({
  protocol: countSchema,
  /** Version of the interpreter, for example `3.14.8`. */
  version: z.string().min(1).max(100),
});
export type Ready = z.infer<typeof readySchema>;

export const doneSchema = z.strictObject({
  /** One of the two is null. */
  exitCode: z.int().min(0).max(255).nullable(),
  signal: z.string().max(20).nullable(),
  /** The supervisor ended it because it was told to, or because of this stream's output; null: it ended by itself. */
  endedFor: z.enum(['order', 'stdout', 'stderr']).nullable(),
  cpuMs: z.number().nonnegative(),
  peakBytes: countSchema,
  minorFaults: countSchema,
  majorFaults: countSchema,
  /** Nothing of the execution is left in the container: no process, no file, no shared memory, no queue. */
  clean: z.boolean(),
});
export type Done = z.infer<typeof doneSchema>;

export interface Frame {
  readonly kind: string;
  readonly payload: Buffer;
}

const headerBytes = 5;

export function encodeFrame(kind: OrderKind, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write(kind, 0, 'latin1');
  header.writeUInt32BE(payload.length, 1);
  return Buffer.concat([header, payload]);
}

/** What a container sent that is no frame: it is the candidate's doing, and the container is ended. */
export class MalformedFrames extends Error {}

/**
 * Cuts a stream of chunks into frames. Holds no more than one frame, of at most `payloadBytesMax` bytes.
 *
 * @throws MalformedFrames for an unknown kind or a length above the maximum
 */
export function frameReader(kinds: string): (chunk: Uint8Array) => readonly Frame[] {
  let kept: Buffer[] = [];
  let bytes = 0;
  let needed = headerBytes;

  const take = (count: number): Buffer => {
    const all = kept.length === 1 && kept[0] !== undefined ? kept[0] : Buffer.concat(kept);
    kept = all.length > count ? [all.subarray(count)] : [];
    bytes -= count;
    return all.subarray(0, count);
  };
  const peekHeader = (): { readonly kind: string; readonly length: number } => {
    if (kept.length > 1) kept = [Buffer.concat(kept)];
    const [first] = kept;
    if (first === undefined) throw new TypeError('There is no header yet.');
    const kind = first.toString('latin1', 0, 1);
    const length = first.readUInt32BE(1);
    if (!kinds.includes(kind))
      throw new MalformedFrames(`There is no frame of kind ${JSON.stringify(kind)}.`);
    if (length > payloadBytesMax) throw new MalformedFrames(`A frame claims ${length} bytes.`);
    return { kind, length };
  };
  return (chunk) => {
    kept.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    bytes += chunk.byteLength;
    const frames: Frame[] = [];
    while (bytes >= needed) {
      const { kind, length } = peekHeader();
      needed = headerBytes + length;
      if (bytes < needed) break;
      frames.push({ kind, payload: take(needed).subarray(headerBytes) });
      needed = headerBytes;
    }
    return frames;
  };
}

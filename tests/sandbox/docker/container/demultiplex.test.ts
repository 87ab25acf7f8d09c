import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDemultiplexer } from '../../../../sandbox/docker/container/demultiplex.ts';
import { isPawlError } from '../../../../src/kernel/pawl-error.ts';
import '../../../support/property-seed.ts';

const piece = fc.record({
  stream: fc.constantFrom<'stdout' | 'stderr'>('stdout', 'stderr'),
  bytes: fc.uint8Array({ maxLength: 300 }),
});

function header(kind: number, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt8(kind, 0);
  bytes.writeUInt32BE(length, 4);
  return bytes;
}

/** Cuts bytes where the numbers say, over and over. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, index = 0; at < bytes.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

describe('The stream of a container’s two outputs', () => {
  it('is taken apart into the same bytes, however it is cut', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(piece), sizes, (pieces, cuts) => {
        const sent = pieces.flatMap(({ stream, bytes }) => [
          header(stream === 'stdout' ? 1 : 2, bytes.length),
          Buffer.from(bytes),
        ]);
        const demultiplexer = createDemultiplexer();
        const got = cut(Buffer.concat(sent), cuts).flatMap((chunk) => demultiplexer.push(chunk));
        for (const name of ['stdout', 'stderr'] as const) {
          const of = (all: readonly { stream: string; bytes: Uint8Array }[]): string =>
            Buffer.concat(all.filter(({ stream }) => stream === name).map(({ bytes }) => bytes)).toString(
              'hex',
            );
          expect(of(got)).toBe(of(pieces));
        }
        expect(demultiplexer.isWhole()).toBe(true);
        expect(got.every(({ bytes }) => bytes.length > 0)).toBe(true);
      }),
    );
  });

  it('never makes more of any bytes than there are, and refuses a header that no engine writes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 })), (chunks) => {
        const demultiplexer = createDemultiplexer();
        const sent = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
        let got = 0;
        try {
          for (const chunk of chunks) {
            for (const { bytes } of demultiplexer.push(Buffer.from(chunk))) got += bytes.length;
          }
        } catch (error) {
          expect(isPawlError(error, 'SANDBOX_FAILED')).toBe(true);
        }
        expect(got).toBeLessThanOrEqual(sent);
      }),
    );
  });

  it('passes on what a header of four gigabytes brings as it comes, without waiting for the rest', () => {
    const demultiplexer = createDemultiplexer();
    expect(demultiplexer.push(header(2, 0xffff_ffff))).toEqual([]);
    expect(demultiplexer.push(Buffer.from('abc'))).toEqual([{ stream: 'stderr', bytes: Buffer.from('abc') }]);
    expect(demultiplexer.isWhole()).toBe(false);
  });

  it.each([
    ['standard input', header(0, 3)],
    ['a message of the engine', header(3, 3)],
    ['something else after the number', Buffer.from([1, 0, 1, 0, 0, 0, 0, 1])],
  ])('refuses a header for %s', (_, bytes) => {
    const push = () => createDemultiplexer().push(bytes);
    expect(push).toThrow(`The engine sent ${bytes.toString('hex')} where`);
  });
});

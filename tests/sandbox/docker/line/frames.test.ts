import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeFrame,
  frameReader,
  MalformedFrames,
  type OrderKind,
  payloadBytesMax,
} from '../../../../sandbox/docker/line/frames.ts';

describe('frames', () => {
  it('are read as they were written, however the stream cuts them', () => {
    const frame = fc.record({
      kind: fc.constantFrom<OrderKind>('S', 'M', 'E'),
      payload: fc.uint8Array({ maxLength: 300 }),
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), fc.infiniteStream(fc.nat(40)), (frames, cuts) => {
        const stream = Buffer.concat(frames.map(({ kind, payload }) => encodeFrame(kind, payload)));
        const read = frameReader('SME');
        const found: { kind: string; payload: Uint8Array }[] = [];
        for (let at = 0; at < stream.length; ) {
          const size = (cuts.next().value as number) + 1;
          for (const { kind, payload } of read(stream.subarray(at, at + size))) {
            found.push({ kind, payload: new Uint8Array(payload) });
          }
          at += size;
        }
        expect(found).toEqual(frames);
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it('of no known kind, or of a length that none may have, are refused at their header', () => {
    expect(() => frameReader('RM12D')(Buffer.from('S\0\0\0\0'))).toThrow(MalformedFrames);
    const long = Buffer.alloc(5);
    long.write('M');
    long.writeUInt32BE(payloadBytesMax + 1, 1);
    expect(() => frameReader('M')(long)).toThrow(`A frame claims ${payloadBytesMax + 1} bytes.`);
    long.writeUInt32BE(payloadBytesMax, 1);
    expect(frameReader('M')(long)).toEqual([]);
  });
});

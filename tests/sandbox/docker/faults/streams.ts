import { Transform } from 'node:stream';
import { setTimeout as after } from 'node:timers/promises';

/** Lets so many bytes through; then `cut` is called, and nothing comes any more. */
export function cutAfter(bytes: number, cut: () => void): Transform {
  let left = bytes;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (left < 0) return done();
      const part = chunk.subarray(0, left);
      left -= chunk.length;
      if (left > 0) return done(null, part);
      left = -1;
      if (part.length > 0) this.push(part);
      // What was let through is to arrive before the end does.
      setImmediate(() => setImmediate(cut));
      done();
    },
    // An end that came after a cut would make the answer look whole.
    flush(done) {
      if (left >= 0) done();
    },
  });
  if (bytes === 0) setImmediate(cut);
  return stream;
}

/** The same bytes in pieces, each some time after the one before. */
export function inPieces(bytes: number, everyMs: number): Transform {
  return new Transform({
    async transform(chunk: Buffer, _encoding, done) {
      for (let at = 0; at < chunk.length && !this.destroyed; at += bytes) {
        await after(everyMs);
        if (!this.destroyed) this.push(chunk.subarray(at, at + bytes));
      }
      done();
    },
  });
}

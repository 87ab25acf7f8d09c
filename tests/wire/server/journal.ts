import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { CommitSink } from './database.ts';
import { decodeEvent } from './decode-event.ts';
import type { StoredEvent } from './stored-event.ts';

const LENGTH_BYTES = 4;

/**
 * One file that commits are appended to before anybody is told of them, so that what was acknowledged is there after a `kill -9`.
 * A commit is its length and its events as they are answered, each with its length; one that was torn is dropped when the file is
 * opened. Nothing is flushed to the disk: the fault in mind is the end of the process, not of the machine.
 */
export class Journal implements CommitSink {
  readonly #file: number;
  /** What was stored when the journal was opened, in log order. */
  readonly events: readonly StoredEvent[];

  constructor(path: string) {
    this.#file = openSync(path, 'a+');
    const bytes = readFileSync(path);
    const events: StoredEvent[] = [];
    let at = 0;
    for (;;) {
      const end = endOfPart(bytes, at);
      if (end === null) break;
      for (let part = at + LENGTH_BYTES; part < end; ) {
        const partEnd = endOfPart(bytes, part) ?? end;
        events.push(decodeEvent(bytes.subarray(part + LENGTH_BYTES, partEnd)));
        part = partEnd;
      }
      at = end;
    }
    if (at < bytes.length) ftruncateSync(this.#file, at);
    this.events = events;
  }

  write(events: readonly StoredEvent[]): void {
    const parts = events.flatMap((event) => [lengthOf(event.frame.length), event.frame]);
    const bytes = Buffer.concat([lengthOf(parts.reduce((sum, part) => sum + part.length, 0)), ...parts]);
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#file, bytes, written);
  }

  /** Everything is gone but these events. */
  replace(events: readonly StoredEvent[]): void {
    ftruncateSync(this.#file, 0);
    for (const event of events) this.write([event]);
  }

  close(): void {
    closeSync(this.#file);
  }
}

function lengthOf(bytes: number): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(bytes);
  return length;
}

function endOfPart(bytes: Buffer, at: number): number | null {
  if (at + LENGTH_BYTES > bytes.length) return null;
  const end = at + LENGTH_BYTES + bytes.readUInt32LE(at);
  return end > bytes.length ? null : end;
}

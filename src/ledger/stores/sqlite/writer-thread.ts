import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Digest } from '../../../kernel/brand.ts';
import { GroupWriter } from './group-writer.ts';
import { type PackedGroup, type PackedOutcomes, packOutcomes, unpackGroup } from './packed-group.ts';
import { type PlainError, toPlainError } from './plain-error.ts';
import { storageError } from './sqlite-errors.ts';
import type { WriterWaits } from './write-turns.ts';

/** What the thread is started with. */
export interface WriterThreadData {
  readonly path: string;
  readonly address: string;
  /** Cap on the file's size in pages, for tests of a full disk; null is none. */
  readonly pagesMax: number | null;
  readonly waits: WriterWaits;
  readonly port: MessagePort;
  /** One counter that rises with every message, so that the thread can sleep without an event loop. */
  readonly signal: Int32Array<SharedArrayBuffer>;
}

export type ToWriter =
  | { readonly kind: 'group'; readonly group: PackedGroup }
  | { readonly kind: 'erase'; readonly digest: Digest; readonly bytesUnlessStored: number | null }
  | { readonly kind: 'close' };

export type FromWriter =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly error: PlainError }
  /** Outcomes of the oldest groups not yet answered, one by one; all of them are durable. */
  | { readonly kind: 'outcomes'; readonly groups: readonly PackedOutcomes[] }
  /** The oldest erasure not yet answered is done, or why it is not. */
  | { readonly kind: 'erased'; readonly error: PlainError | null }
  | { readonly kind: 'closed' };

const lookMs = 0.05;

/** Bounds one transaction, whatever is waiting. */
const groupsPerCommitMax = 128;

function main({ path, address, pagesMax, waits, port, signal }: WriterThreadData): void {
  const send = (message: FromWriter): void => port.postMessage(message);
  let writer: GroupWriter;
  try {
    writer = new GroupWriter(path, address, pagesMax, waits);
  } catch (error) {
    send({ kind: 'failed', error: toPlainError(storageError(error, address)) });
    return;
  }
  send({ kind: 'ready' });
  for (;;) {
    // Read before draining: a message that arrives in between changes the counter, and the wait returns at once.
    const seen = Atomics.load(signal, 0);
    const groups: PackedGroup[] = [];
    let closing = false;
    let erasing: Extract<ToWriter, { readonly kind: 'erase' }> | undefined;
    while (groups.length < groupsPerCommitMax && erasing === undefined) {
      const received = receiveMessageOnPort(port) as { message: ToWriter } | undefined;
      if (received === undefined) break;
      if (received.message.kind === 'close') closing = true;
      else if (received.message.kind === 'erase') erasing = received.message;
      else groups.push(received.message.group);
    }
    if (groups.length > 0) send({ kind: 'outcomes', groups: commitTogether(writer, groups) });
    // After what was sent before it, which may be the very blob.
    if (erasing !== undefined) {
      const error = writer.erase(erasing.digest, erasing.bytesUnlessStored);
      send({ kind: 'erased', error: error === undefined ? null : toPlainError(error) });
    } else if (groups.length === 0 && !closing) waitFor(signal, seen);
    if (closing) break;
  }
  writer.close();
  send({ kind: 'closed' });
}

/**
 * Looks a moment longer before it sleeps: who appends one event after another sends the next within that time, and need not
 * wait for a thread to wake up.
 */
function waitFor(signal: Int32Array<SharedArrayBuffer>, seen: number): void {
  const until = performance.now() + lookMs;
  while (Atomics.load(signal, 0) === seen) {
    if (performance.now() < until) continue;
    Atomics.wait(signal, 0, seen);
    return;
  }
}

/** Everything that waited goes into one transaction: this is the group commit. */
function commitTogether(writer: GroupWriter, groups: readonly PackedGroup[]): PackedOutcomes[] {
  const unpacked = groups.map(unpackGroup);
  const outcomes = writer.commit(unpacked.flat());
  let start = 0;
  return unpacked.map((requests) => {
    const end = start + requests.length;
    const packed = packOutcomes(outcomes.slice(start, end));
    start = end;
    return packed;
  });
}

main(workerData as WriterThreadData);

import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { Digest } from '../../../kernel/brand.ts';
import { messageOf, PawlError } from '../../../kernel/pawl-error.ts';
import type { AppendResult } from '../../event-store.ts';
import { packGroup, unpackOutcome } from './packed-group.ts';
import { fromPlainError } from './plain-error.ts';
import type { WriteRequest } from './write-request.ts';
import type { FromWriter, ToWriter, WriterThreadData } from './writer-thread.ts';

interface Pending {
  readonly request: WriteRequest;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: PawlError) => void;
}

interface PendingErasure {
  readonly resolve: () => void;
  readonly reject: (error: PawlError) => void;
}

/** So many requests are sent on without waiting for the end of the tick, so that encoding and writing overlap. */
const sendAtOnceCount = 16;

/**
 * The calling thread's side of the writer thread. A thread of its own keeps fsync away from the event loop and lets one
 * group be encoded while the one before it is written; whatever gathers meanwhile becomes the next transaction.
 */
export class WriterClient {
  readonly #address: string;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #signal: Int32Array<SharedArrayBuffer>;
  readonly #onCommit: () => void;
  #queue: Pending[] = [];
  readonly #sent: Pending[][] = [];
  readonly #erasures: PendingErasure[] = [];
  #sendScheduled = false;
  #failure: PawlError | undefined;
  readonly #ready = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();

  /** @throws PawlError `STORAGE_FAILED`, `LEDGER_BUSY`, `LEDGER_CORRUPT` when the thread cannot open the file */
  static async start(
    file: Pick<WriterThreadData, 'path' | 'address' | 'pagesMax' | 'waits'>,
    onCommit: () => void,
  ): Promise<WriterClient> {
    const client = new WriterClient(file, onCommit);
    try {
      await client.#ready.promise;
      client.#keepAlive();
      return client;
    } catch (error) {
      client.#port.close();
      throw error;
    }
  }

  private constructor(file: Parameters<typeof WriterClient.start>[0], onCommit: () => void) {
    const { port1, port2 } = new MessageChannel();
    this.#address = file.address;
    this.#port = port1;
    this.#onCommit = onCommit;
    this.#signal = new Int32Array(new SharedArrayBuffer(4));
    const data: WriterThreadData = { ...file, port: port2, signal: this.#signal };
    this.#worker = new Worker(new URL('./writer-thread.ts', import.meta.url), {
      workerData: data,
      transferList: [port2],
      execArgv: [],
    });
    this.#worker.unref();
    this.#port.on('message', (message: FromWriter) => this.#receive(message));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('the writer thread ended')));
  }

  /** Resolves when durable. */
  write(request: WriteRequest): Promise<AppendResult> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const { promise, resolve, reject } = Promise.withResolvers<AppendResult>();
    this.#queue.push({ request, resolve, reject });
    if (this.#queue.length >= sendAtOnceCount) this.#send();
    else if (!this.#sendScheduled) {
      this.#sendScheduled = true;
      // Inside a promise job this runs when all other jobs have run: at the end of the tick, before any waiting for I/O.
      process.nextTick(() => {
        this.#sendScheduled = false;
        if (this.#queue.length > 0) this.#send();
      });
    }
    return promise;
  }

  /** `BlobEraser.erase`. Resolves when the blob's bytes are gone; after all that was given to `write` before. */
  erase(digest: Digest, bytesUnlessStored: number | null): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#queue.length > 0) this.#send();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#erasures.push({ resolve, reject });
    this.#post({ kind: 'erase', digest, bytesUnlessStored });
    this.#keepAlive();
    return promise;
  }

  /** Waits for all that was given to `write` and `erase`, then closes the file. */
  async close(): Promise<void> {
    if (this.#failure === undefined) {
      if (this.#queue.length > 0) this.#send();
      this.#port.ref();
      this.#post({ kind: 'close' });
    }
    await this.#closed.promise;
    await this.#worker.terminate();
    this.#port.close();
  }

  #send(): void {
    const sent = this.#queue;
    this.#queue = [];
    this.#sent.push(sent);
    const group = packGroup(sent.map(({ request }) => request));
    this.#post({ kind: 'group', group }, [group.bytes.buffer]);
    this.#keepAlive();
  }

  #post(message: ToWriter, transfer: readonly ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transfer);
    Atomics.add(this.#signal, 0, 1);
    Atomics.notify(this.#signal, 0);
  }

  #receive(message: FromWriter): void {
    if (message.kind === 'ready') this.#ready.resolve();
    else if (message.kind === 'failed') this.#ready.reject(fromPlainError(message.error));
    else if (message.kind === 'closed') this.#closed.resolve();
    else if (message.kind === 'erased') {
      const erasure = this.#erasures.shift() as PendingErasure;
      if (message.error === null) erasure.resolve();
      else erasure.reject(fromPlainError(message.error));
      this.#keepAlive();
    } else {
      // Followers first: they are asleep until rung for, and an appender may go on to wait for them.
      this.#onCommit();
      for (const packed of message.groups) {
        for (const [index, pending] of (this.#sent.shift() as Pending[]).entries()) {
          const outcome = unpackOutcome(packed, index, pending.request);
          if (outcome.kind === 'done') pending.resolve(outcome.result);
          else pending.reject(outcome.error);
        }
      }
      this.#keepAlive();
    }
  }

  /** The process lives on for as long as somebody waits for an append or an erasure, and no longer. */
  #keepAlive(): void {
    if (this.#sent.length + this.#erasures.length > 0) this.#port.ref();
    else this.#port.unref();
  }

  #fail(error: unknown): void {
    this.#failure ??= new PawlError(
      'STORAGE_FAILED',
      `${this.#address}: ${messageOf(error)}. Open the ledger again; appends that were not acknowledged may or may not be in it.`,
      { context: { address: this.#address }, cause: error },
    );
    this.#ready.reject(this.#failure);
    const waiting = [...this.#sent.splice(0).flat(), ...this.#queue.splice(0), ...this.#erasures.splice(0)];
    for (const pending of waiting) {
      pending.reject(this.#failure);
    }
    this.#closed.resolve();
  }
}

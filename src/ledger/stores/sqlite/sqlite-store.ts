import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as giveWay } from 'node:timers/promises';
import type { Digest, StreamName } from '../../../kernel/brand.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
import { TreeFrontier } from '../../audit/tree-frontier.ts';
import type {
  AppendRequest,
  AppendResult,
  BlobStanding,
  LedgerStore,
  NewBlob,
  StoredRecord,
  TreeHead,
} from '../../event-store.ts';
import type { WorkQueue } from '../../work-queue.ts';
import { blobErased, blobNotFound, ledgerClosed } from '../store-errors.ts';
import { WakeUp } from '../wake-up.ts';
import { decodeBlob } from './blob-codec.ts';
import { checkLedgerFile, createLedgerFile, ledgerExists } from './ledger-file.ts';
import type { LedgerLock } from './ledger-lock.ts';
import { lockForWriting } from './lock-for-writing.ts';
import { openForReading } from './open-for-reading.ts';
import { RowReader } from './row-reader.ts';
import { storageError } from './sqlite-errors.ts';
import { SqliteWorkQueue } from './sqlite-work-queue.ts';
import { WriterClient } from './writer-client.ts';

export interface SqliteStoreOptions {
  readonly path: string;
  /** Any number of processes may write one ledger, and any number read it. */
  readonly mode: 'write' | 'read';
  /** In write mode: make a new ledger when there is none (default true). */
  readonly create?: boolean;
  /** How often a follower looks for what another process appended (default 20 ms); own appends wake it at once. */
  readonly pollMs?: number;
  /** Cap on the file in pages of 4 KiB, for tests of a full disk; default none. */
  readonly pagesMax?: number;
  /** How long an erasure waits for readers that hold the log (default 10 s). */
  readonly readersWaitMs?: number;
  /** How long a write waits for its turn while others write (default 10 s). */
  readonly turnWaitMs?: number;
  /** How long opening waits for somebody who needs the ledger alone (default 5 s). */
  readonly lockWaitMs?: number;
}

/**
 * The embedded ledger: one SQLite file that any `sqlite3` shell opens (`SELECT * FROM events`).
 *
 * Nothing on disk is changed when it fails to open.
 *
 * @throws PawlError `LEDGER_NOT_FOUND`, `LEDGER_BUSY`, `LEDGER_FORMAT`, `LEDGER_FORMAT_NEWER`, `LEDGER_CORRUPT`,
 * `STORAGE_FULL`, `STORAGE_FAILED`
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<LedgerStore> {
  const { mode, create = true, pollMs = 20, pagesMax = null } = options;
  const waits = { readersMs: options.readersWaitMs ?? 10_000, turnMs: options.turnWaitMs ?? 10_000 };
  const address = `sqlite:${options.path}`;
  const { path, exists } = locate(options.path, address);
  const queue = new SqliteWorkQueue(
    { ledgerPath: path, mode, pagesMax, busyMsMax: waits.turnMs },
    systemClock,
  );
  if (!exists && !(mode === 'write' && create)) throw notFound(address, 'there is no such file');
  if (mode === 'read') {
    checkLedgerFile(path, address);
    return new SqliteStore(address, openForReading(path, address), pollMs, queue, undefined);
  }
  const locking = await lockForWriting(path, address, options.lockWaitMs ?? 5000);
  let { lock } = locking;
  let client: WriterClient | undefined;
  try {
    if (!ledgerExists(path)) createLedgerFile(path, address);
    const committed = new WakeUp();
    client = await WriterClient.start({ path, address, pagesMax, waits }, () => committed.ring());
    // Made or upgraded by now, so that others may write, too.
    lock = await locking.share();
    const writer = { client, lock, committed };
    return new SqliteStore(address, openForReading(path, address), pollMs, queue, writer);
  } catch (error) {
    await client?.close();
    lock.release();
    throw error;
  }
}

interface Writer {
  readonly client: WriterClient;
  readonly lock: LedgerLock;
  readonly committed: WakeUp;
}

const recordsPerRead = 256;
const leavesPerRead = 4096;
const namesPerRead = 1024;

class SqliteStore implements LedgerStore {
  readonly address: string;
  readonly #db: DatabaseSync;
  readonly #reader: RowReader;
  readonly #pollMs: number;
  readonly #workQueue: SqliteWorkQueue;
  readonly #writer: Writer | undefined;
  readonly #wakeUp: WakeUp;
  #closing: Promise<void> | undefined;

  constructor(
    address: string,
    db: DatabaseSync,
    pollMs: number,
    workQueue: SqliteWorkQueue,
    writer: Writer | undefined,
  ) {
    this.address = address;
    this.#db = db;
    this.#reader = new RowReader(db);
    this.#pollMs = pollMs;
    this.#workQueue = workQueue;
    this.#writer = writer;
    this.#wakeUp = writer?.committed ?? new WakeUp();
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    return this.#writing().write(request);
  }

  async putBlobs(blobs: readonly NewBlob[]): Promise<void> {
    await this.#writing().write({ stream: null, expectedRevision: -1, records: [], blobs });
  }

  async *readStream(stream: StreamName, fromRevision = 0): AsyncGenerator<StoredRecord> {
    const ref = this.#read((reader) => reader.streamRef(stream));
    if (ref === undefined) return;
    for (let next = fromRevision; ; ) {
      const records = this.#read((reader) => reader.recordsOfStream(ref, next, recordsPerRead));
      yield* records;
      const last = records.at(-1);
      if (last === undefined || records.length < recordsPerRead) return;
      next = last.revision + 1;
    }
  }

  async *readAll(fromPosition = 0): AsyncGenerator<StoredRecord> {
    for (let next = fromPosition; ; ) {
      const records = this.#read((reader) => reader.recordsFrom(next, recordsPerRead));
      yield* records;
      const last = records.at(-1);
      if (last === undefined || records.length < recordsPerRead) return;
      next = last.position + 1;
    }
  }

  async *readTexts(fromPosition = 0): AsyncGenerator<readonly string[]> {
    for (let next = fromPosition; ; next += recordsPerRead) {
      const texts = this.#read((reader) => reader.textsFrom(next, recordsPerRead));
      if (texts.length > 0) yield texts;
      if (texts.length < recordsPerRead) return;
    }
  }

  async *readLeaves(fromPosition = 0): AsyncGenerator<readonly Uint8Array[]> {
    for (let next = fromPosition; ; next += leavesPerRead) {
      const leaves = this.#read((reader) => reader.leavesFrom(next, leavesPerRead));
      if (leaves.length > 0) yield leaves;
      if (leaves.length < leavesPerRead) return;
    }
  }

  async *subscribe(fromPosition: number, signal: AbortSignal): AsyncGenerator<StoredRecord> {
    for (let next = fromPosition; !signal.aborted; ) {
      const records = this.#read((reader) => reader.recordsFrom(next, recordsPerRead));
      // Own appends ring: reading and going to sleep happen without giving way, so none can slip between the two. Those of
      // other processes are looked for.
      if (records.length === 0) await this.#wakeUp.wait(signal, this.#pollMs);
      // Others may write faster than this process reads; everything else in it must get its turn all the same.
      else if (records.length === recordsPerRead) await giveWay();
      for (const record of records) {
        if (signal.aborted) return;
        yield record;
        next = record.position + 1;
      }
    }
  }

  async lastRevision(stream: StreamName): Promise<number> {
    return this.#read((reader) => {
      const ref = reader.streamRef(stream);
      return ref === undefined ? -1 : reader.lastRevision(ref);
    });
  }

  async *streams(prefix: string): AsyncGenerator<StreamName> {
    for (let after = 0; ; ) {
      const rows = this.#read((reader) => reader.streamsAfter(after, prefix, namesPerRead));
      for (const [ref, name] of rows) {
        yield name;
        after = ref;
      }
      if (rows.length < namesPerRead) return;
    }
  }

  async getBlob(digest: Digest): Promise<Uint8Array> {
    if (this.#read((reader) => reader.erasedSize(digest)) !== undefined) throw blobErased(digest);
    const stored = this.#read((reader) => reader.blob(digest));
    if (stored === undefined) throw blobNotFound(digest);
    return decodeBlob(digest, stored);
  }

  async blobStanding(digest: Digest): Promise<BlobStanding> {
    const erased = this.#read((reader) => reader.erasedSize(digest));
    if (erased !== undefined) return { kind: 'erased', bytes: erased };
    const bytes = this.#read((reader) => reader.blobSize(digest));
    return bytes === undefined ? { kind: 'missing' } : { kind: 'stored', bytes };
  }

  async eraseBlob(digest: Digest): Promise<void> {
    await this.#writing().erase(digest, null);
  }

  async markErased(digest: Digest, bytes: number): Promise<void> {
    await this.#writing().erase(digest, bytes);
  }

  async *blobDigests(): AsyncGenerator<Digest> {
    for (let after = ''; ; ) {
      const digests = this.#read((reader) => reader.digestsAfter(after, namesPerRead));
      for (const digest of digests) {
        if (this.#read((reader) => reader.erasedSize(digest)) === undefined) yield digest;
      }
      const last = digests.at(-1);
      if (last === undefined || digests.length < namesPerRead) return;
      after = last;
    }
  }

  async head(): Promise<TreeHead> {
    const state = this.#read((reader) => reader.frontier()) ?? { size: 0, roots: new Uint8Array(0) };
    return { ...state, root: TreeFrontier.restore(state).root() };
  }

  workQueue(): WorkQueue {
    return this.#workQueue;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#workQueue.close();
    this.#wakeUp.ring();
    // The reader goes first, so that the last connection to close is the writer's: it folds the log into the file.
    this.#db.close();
    await this.#writer?.client.close();
    this.#writer?.lock.release();
  }

  #writing(): WriterClient {
    this.#mustBeOpen();
    if (this.#writer !== undefined) return this.#writer.client;
    throw new PawlError('LEDGER_READ_ONLY', `${this.address} was opened for reading; open it for writing.`, {
      context: { address: this.address },
    });
  }

  #read<Result>(query: (reader: RowReader) => Result): Result {
    this.#mustBeOpen();
    try {
      return query(this.#reader);
    } catch (error) {
      throw storageError(error, this.address);
    }
  }

  #mustBeOpen(): void {
    if (this.#closing !== undefined) throw ledgerClosed(this.address);
  }
}

/** Follows symbolic links, so that two names of one ledger share one lock. */
function locate(given: string, address: string): { readonly path: string; readonly exists: boolean } {
  const path = resolve(given);
  if (ledgerExists(path)) return { path: realpathSync(path), exists: true };
  if (!ledgerExists(dirname(path))) throw notFound(address, 'its directory does not exist');
  return { path, exists: false };
}

function notFound(address: string, why: string): PawlError {
  return new PawlError('LEDGER_NOT_FOUND', `${address} cannot be opened: ${why}.`, {
    context: { address, why },
  });
}

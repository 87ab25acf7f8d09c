import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Digest, StreamName } from '../../../kernel/brand.ts';
import { isPawlError, PawlError } from '../../../kernel/pawl-error.ts';
import { type FrontierState, TreeFrontier } from '../../audit/tree-frontier.ts';
import type { NewBlob } from '../../event-store.ts';
import { judgeAppend } from '../judge-append.ts';
import { checkNewBlobs, positionTaken } from '../store-errors.ts';
import { encodeBlob } from './blob-codec.ts';
import { BlobEraser } from './blob-eraser.ts';
import { lockPath } from './ledger-lock.ts';
import { openForWriting } from './open-for-writing.ts';
import { RecordInserter } from './record-inserter.ts';
import { RowReader } from './row-reader.ts';
import { sqliteCode, sqliteCodeOf, storageError } from './sqlite-errors.ts';
import { StreamCache } from './stream-cache.ts';
import { upgradeFormat } from './upgrade-format.ts';
import type { HashedRequest, Outcome } from './write-request.ts';
import { type WriterWaits, WriteTurns } from './write-turns.ts';

/** What the writer needs of the tree. */
export interface GrowingTree {
  readonly size: number;
  append(leaf: Uint8Array): void;
  state(): FrontierState;
}

/**
 * The only code that changes a ledger file: takes a group of requests and commits it as one transaction, so that one fsync
 * pays for all of them. A refused request leaves the others of its group untouched, because it is judged before any of its
 * rows is written.
 *
 * Other processes may write the same file. Each transaction holds SQLite's write lock from its beginning, and what another
 * connection committed since the last one is taken in before anything is judged; so positions, revisions and tree are exact.
 *
 * An id that is used twice is found by the unique index, not by a look-up per record: on a violation the group is rolled
 * back and done once more with every id looked up first.
 */
export class GroupWriter {
  readonly #address: string;
  readonly #db: DatabaseSync;
  readonly #reader: RowReader;
  readonly #turns: WriteTurns;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;
  readonly #records: RecordInserter;
  readonly #insertStream: StatementSync;
  readonly #insertBlob: StatementSync;
  readonly #updateHead: StatementSync;
  readonly #eraser: BlobEraser;
  #streams = new StreamCache();
  readonly #restoreTree: (state: FrontierState) => GrowingTree;
  #tree: GrowingTree;
  /** Of the file, as tree and streams were loaded from it. */
  #knownVersion: number | undefined;
  #broken: PawlError | undefined;

  /** @param restoreTree how the stored tree goes on; another one only where the cost of the tree itself is measured */
  constructor(
    path: string,
    address: string,
    pagesMax: number | null,
    waits: WriterWaits,
    restoreTree: (state: FrontierState) => GrowingTree = TreeFrontier.restore,
  ) {
    this.#address = address;
    this.#restoreTree = restoreTree;
    this.#db = openForWriting(path, pagesMax);
    this.#reader = new RowReader(this.#db);
    this.#commit = this.#db.prepare('COMMIT');
    this.#rollback = this.#db.prepare('ROLLBACK');
    this.#records = new RecordInserter(this.#db);
    this.#insertStream = this.#db.prepare('INSERT INTO streams (name) VALUES (?)');
    this.#insertBlob = this.#db.prepare(
      'INSERT INTO blobs (digest, encoding, size, bytes) VALUES (?, ?, ?, ?)',
    );
    this.#updateHead = this.#db.prepare('UPDATE head SET size = ?, roots = ? WHERE only = 1');
    this.#tree = this.#loadTree();
    upgradeFormat(this.#db);
    this.#turns = new WriteTurns(this.#db, address, lockPath(path), waits.turnMs);
    this.#eraser = new BlobEraser(this.#db, address, this.#turns, waits.readersMs);
    // From here on whoever has to wait takes turns.
    this.#db.exec('PRAGMA busy_timeout = 0');
  }

  /** Commits what can be committed; one outcome per request, in order. Never throws. */
  commit(requests: readonly HashedRequest[]): Outcome[] {
    if (this.#broken !== undefined) return requests.map(() => refused(this.#broken as PawlError));
    try {
      try {
        return this.#transaction(requests, false);
      } catch (error) {
        this.#undo();
        if (sqliteCodeOf(error) !== sqliteCode.constraint) throw error;
        return this.#transaction(requests, true);
      }
    } catch (error) {
      return this.#recover(requests, error);
    }
  }

  /** Erases a blob; undefined when it is gone from every file. Never throws. */
  erase(digest: Digest, bytesUnlessStored: number | null): PawlError | undefined {
    if (this.#broken !== undefined) return this.#broken;
    try {
      this.#eraser.erase(digest, bytesUnlessStored);
      return undefined;
    } catch (error) {
      if (!isPawlError(error)) this.#recover([], error);
      return storageError(error, this.#address);
    }
  }

  close(): void {
    this.#turns.close();
    this.#db.close();
  }

  #transaction(requests: readonly HashedRequest[], lookUpIds: boolean): Outcome[] {
    this.#turns.begin();
    this.#catchUp();
    const sizeBefore = this.#tree.size;
    const outcomes = requests.map((request) => this.#write(request, lookUpIds));
    this.#records.flush();
    if (this.#tree.size !== sizeBefore) {
      const { size, roots } = this.#tree.state();
      this.#updateHead.run(size, roots);
    }
    this.#commit.run();
    return outcomes;
  }

  /** What another connection committed must be known before anything is judged. To be called inside the transaction. */
  #catchUp(): void {
    const version = this.#turns.version();
    if (version === this.#knownVersion) return;
    this.#streams = new StreamCache();
    this.#tree = this.#loadTree();
    this.#knownVersion = version;
  }

  #write(request: HashedRequest, lookUpIds: boolean): Outcome {
    const { stream, expectedRevision, records, blobs } = request;
    try {
      checkNewBlobs(blobs);
    } catch (error) {
      return refused(storageError(error, this.#address));
    }
    if (stream === null) {
      this.#writeBlobs(blobs);
      return { kind: 'done', result: { positions: [], lastRevision: -1, repeated: false } };
    }
    const place = this.#streams.get(stream) ?? this.#loadStream(stream);
    if (lookUpIds || place.lastRevision !== expectedRevision) {
      // What the same group wrote before must be found.
      this.#records.flush();
      const judgement = judgeAppend({ ...request, stream }, place.lastRevision, (id) =>
        this.#reader.recordById(id),
      );
      if (judgement.kind === 'refused') return judgement;
      if (judgement.kind === 'repeated') {
        const lastRevision = expectedRevision + records.length;
        return { kind: 'done', result: { positions: judgement.positions, lastRevision, repeated: true } };
      }
    }
    const size = this.#tree.size;
    if ((request.atPosition ?? size) !== size) {
      return refused(positionTaken(this.#address, request.atPosition as number, size));
    }
    this.#writeBlobs(blobs);
    if (place.ref === null && records.length > 0) {
      place.ref = Number(this.#insertStream.run(stream).lastInsertRowid);
    }
    const positions: number[] = [];
    for (const { id, bytes, leaf } of records) {
      const position = this.#tree.size;
      place.lastRevision += 1;
      this.#records.add(position, place.ref, place.lastRevision, id, leaf, bytes);
      this.#tree.append(leaf);
      positions.push(position);
    }
    this.#streams.set(stream, place);
    return { kind: 'done', result: { positions, lastRevision: place.lastRevision, repeated: false } };
  }

  #writeBlobs(blobs: readonly NewBlob[]): void {
    for (const { digest, bytes } of blobs) {
      if (this.#reader.hasBlob(digest)) continue;
      const stored = encodeBlob(bytes);
      this.#insertBlob.run(Buffer.from(digest, 'hex'), stored.encoding, stored.size, stored.bytes);
    }
  }

  #loadStream(stream: StreamName): { ref: number | null; lastRevision: number } {
    const ref = this.#reader.streamRef(stream);
    return ref === undefined
      ? { ref: null, lastRevision: -1 }
      : { ref, lastRevision: this.#reader.lastRevision(ref) };
  }

  #loadTree(): GrowingTree {
    const state = this.#reader.frontier();
    if (state === undefined) {
      throw new PawlError('LEDGER_CORRUPT', `${this.#address} has no tree head.`, {
        context: { address: this.#address },
      });
    }
    return this.#restoreTree(state);
  }

  /** Nothing of a failed transaction may stay in memory either: the next one reads anew where everything stands. */
  #undo(): void {
    if (this.#db.isTransaction) this.#rollback.run();
    this.#records.discard();
    this.#knownVersion = undefined;
  }

  /**
   * A full disk refuses what does not fit: each request is tried alone, and the store goes on. After any other failure (an
   * I/O error in a commit) nobody knows what is on the disk, so nothing more is written until the ledger is opened again.
   */
  #recover(requests: readonly HashedRequest[], error: unknown): Outcome[] {
    const failure = storageError(error, this.#address);
    try {
      this.#undo();
    } catch (cause) {
      this.#broken = storageError(cause, this.#address);
      return requests.map(() => refused(failure));
    }
    if (failure.code === 'STORAGE_FULL' && requests.length > 1) {
      return requests.flatMap((request) => this.commit([request]));
    }
    if (failure.code !== 'STORAGE_FULL' && failure.code !== 'LEDGER_BUSY') {
      this.#broken = new PawlError(
        'STORAGE_FAILED',
        `${this.#address} failed earlier (${failure.message}); open it again before writing on.`,
        { context: { address: this.#address }, cause: failure },
      );
    }
    return requests.map(() => refused(failure));
  }
}

function refused(error: PawlError): Outcome {
  return { kind: 'refused', error };
}

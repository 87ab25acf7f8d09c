import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Digest, StreamName } from '../../../kernel/brand.ts';
import { isPawlError, PawlError } from '../../../kernel/pawl-error.ts';
import { type FrontierState, TreeFrontier } from '../../audit/tree-frontier.ts';
import type { AppendRequest, AppendResult, NewBlob, NewRecord } from '../../event-store.ts';
import { judgeAppend } from '../judge-append.ts';
import { checkNewBlobs } from '../store-errors.ts';
import { encodeBlob } from './blob-codec.ts';
import { BlobEraser } from './blob-eraser.ts';
import { RecordInserter } from './record-inserter.ts';
import { RowReader } from './row-reader.ts';
import { sqliteCode, sqliteCodeOf, storageError } from './sqlite-errors.ts';
import { StreamCache } from './stream-cache.ts';
import { upgradeFormat } from './upgrade-format.ts';

/** What came of one request of a group. `storage` failures concern the file, `refused` ones only the request. */
export type Outcome =
  | { readonly kind: 'done'; readonly result: AppendResult }
  | { readonly kind: 'refused'; readonly error: PawlError };

/** Records of a request, or blobs alone when there is no stream. */
export interface WriteRequest extends Omit<AppendRequest, 'stream'> {
  readonly stream: StreamName | null;
}

/** The same with the RFC 6962 leaf hash of every record. */
export interface HashedRequest extends WriteRequest {
  readonly records: readonly (NewRecord & { readonly leaf: Uint8Array })[];
}

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
 * An id that is used twice is found by the unique index, not by a look-up per record: on a violation the group is rolled
 * back and done once more with every id looked up first.
 */
export class GroupWriter {
  readonly #address: string;
  readonly #db: DatabaseSync;
  readonly #reader: RowReader;
  readonly #begin: StatementSync;
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
  #broken: PawlError | undefined;

  /** @param restoreTree how the stored tree goes on; another one only where the cost of the tree itself is measured */
  constructor(
    path: string,
    address: string,
    pagesMax: number | null,
    readersWaitMs: number,
    restoreTree: (state: FrontierState) => GrowingTree = TreeFrontier.restore,
  ) {
    this.#address = address;
    this.#restoreTree = restoreTree;
    this.#db = new DatabaseSync(path, { timeout: 5000 });
    this.#db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA secure_delete = ON;
      PRAGMA cache_size = -16384;
      PRAGMA wal_autocheckpoint = 2000;
    `);
    if (pagesMax !== null) this.#db.exec(`PRAGMA max_page_count = ${pagesMax}`);
    this.#reader = new RowReader(this.#db);
    this.#begin = this.#db.prepare('BEGIN IMMEDIATE');
    this.#commit = this.#db.prepare('COMMIT');
    this.#rollback = this.#db.prepare('ROLLBACK');
    this.#records = new RecordInserter(this.#db);
    this.#insertStream = this.#db.prepare('INSERT INTO streams (name) VALUES (?)');
    this.#insertBlob = this.#db.prepare(
      'INSERT INTO blobs (digest, encoding, size, bytes) VALUES (?, ?, ?, ?)',
    );
    this.#updateHead = this.#db.prepare('UPDATE head SET size = ?, roots = ? WHERE only = 1');
    this.#eraser = new BlobEraser(this.#db, address, readersWaitMs);
    this.#tree = this.#loadTree();
    upgradeFormat(this.#db);
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
  erase(digest: Digest): PawlError | undefined {
    if (this.#broken !== undefined) return this.#broken;
    try {
      this.#eraser.erase(digest);
      return undefined;
    } catch (error) {
      if (!isPawlError(error)) this.#recover([], error);
      return storageError(error, this.#address);
    }
  }

  close(): void {
    this.#db.close();
  }

  #transaction(requests: readonly HashedRequest[], lookUpIds: boolean): Outcome[] {
    this.#begin.run();
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

  /** Nothing of a failed transaction may stay in memory either. */
  #undo(): void {
    if (this.#db.isTransaction) this.#rollback.run();
    this.#records.discard();
    this.#streams = new StreamCache();
    this.#tree = this.#loadTree();
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

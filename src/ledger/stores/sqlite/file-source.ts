import { realpathSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Digest, EventId, StreamName } from '../../../kernel/brand.ts';
import { messageOf, PawlError } from '../../../kernel/pawl-error.ts';
import { TreeFrontier } from '../../audit/tree-frontier.ts';
import type { BlobStanding, StoredRecord, TreeHead } from '../../event-store.ts';
import type { ProblemList } from '../../verify/problem.ts';
import type {
  CheckedBlobs,
  SourceRecord,
  UnreadableRecord,
  VerifyParts,
  VerifySource,
} from '../../verify/verify-source.ts';
import { checkBlobRows } from './check-blob-rows.ts';
import { checkIntegrity, checkSchema } from './check-structure.ts';
import { openForReading } from './open-for-reading.ts';
import { RowReader } from './row-reader.ts';

type Row = readonly [
  position: number,
  revision: number,
  id: string,
  leaf: string,
  text: string,
  bytes: number,
  stream: number,
];

/** Records are asked for by windows of positions: whatever a damaged file answers, the next window is further on. */
const windowRecords = 256;
const namesMax = 8192;
const blobsPerPart = 4096;

/** A ledger file as verification reads it: by its rows, trusting no index, and going on where a page is damaged. */
export class FileSource implements VerifySource {
  readonly #db: DatabaseSync;
  readonly #reader: RowReader;
  readonly #window: StatementSync;
  readonly #name: StatementSync;
  readonly #names = new Map<number, StreamName>();

  /** @throws PawlError as opening a ledger for reading does */
  constructor(path: string, address: string) {
    this.#db = openForReading(realpathSync(path), address);
    // Everything is read once and in order; several threads each keep a cache of their own.
    this.#db.exec('PRAGMA cache_size = -2048');
    this.#reader = new RowReader(this.#db);
    this.#window = this.#prepare(
      'SELECT position, revision, id, lower(hex(leaf)), CAST(bytes AS TEXT), length(bytes), stream FROM records NOT INDEXED WHERE position >= ? AND position < ? ORDER BY position LIMIT ?',
    );
    this.#name = this.#prepare('SELECT name FROM streams WHERE stream = ?');
  }

  async head(): Promise<TreeHead> {
    const state = this.#reader.frontier();
    if (state === undefined) throw new PawlError('LEDGER_CORRUPT', 'The ledger has no tree head.');
    return { ...state, root: TreeFrontier.restore(state).root() };
  }

  async *records(from: number, to: number): AsyncGenerator<readonly (SourceRecord | UnreadableRecord)[]> {
    for (let start = from; start < to; start += windowRecords) {
      const end = Math.min(to, start + windowRecords);
      try {
        yield this.#rows(start, end);
      } catch {
        for (let position = start; position < end; position += 1) yield this.#single(position);
      }
    }
  }

  async *stream(name: string): AsyncGenerator<StoredRecord> {
    const ref = this.#reader.streamRef(name as StreamName);
    if (ref === undefined) return;
    for (let next = 0; ; next += windowRecords) {
      const records = this.#reader.recordsOfStream(ref, next, windowRecords);
      yield* records;
      if (records.length < windowRecords) return;
    }
  }

  async blobStanding(digest: Digest): Promise<BlobStanding> {
    const erased = this.#reader.erasedSize(digest);
    if (erased !== undefined) return { kind: 'erased', bytes: erased };
    const bytes = this.#reader.blobSize(digest);
    return bytes === undefined ? { kind: 'missing' } : { kind: 'stored', bytes };
  }

  async parts(): Promise<VerifyParts> {
    const last = Number(this.#prepare('SELECT max(blob) FROM blobs').get()?.[0] ?? 0);
    return { blobs: Math.max(1, Math.ceil((last + 1) / blobsPerPart)), structure: 2 };
  }

  async checkBlobs(part: number, problems: ProblemList): Promise<CheckedBlobs> {
    const { blobs } = await this.parts();
    const from = part === 0 ? Number.MIN_SAFE_INTEGER : part * blobsPerPart;
    const to = part === blobs - 1 ? Number.MAX_SAFE_INTEGER : (part + 1) * blobsPerPart;
    return checkBlobRows(this.#db, from, to, problems);
  }

  /** The two parts take about as long as each other for small files; for large ones SQLite's own check is the longer. */
  async checkStructure(part: number, problems: ProblemList): Promise<void> {
    if (part === 0) checkIntegrity(this.#db, problems);
    else checkSchema(this.#db, problems);
  }

  close(): void {
    this.#db.close();
  }

  #rows(start: number, end: number): SourceRecord[] {
    const rows = this.#window.all(start, end, windowRecords) as unknown as Row[];
    return rows.map((row) => this.#toRecord(row));
  }

  #single(position: number): (SourceRecord | UnreadableRecord)[] {
    try {
      return this.#rows(position, position + 1);
    } catch (error) {
      return [{ position, why: `The record cannot be read: ${messageOf(error)}.` }];
    }
  }

  /** A damaged row may hold values of other types than its table allows. */
  #toRecord([position, revision, id, leaf, text, bytes, streamRef]: Row): SourceRecord {
    const numbers = [position, revision, bytes, streamRef].every((value) => typeof value === 'number');
    if (!numbers || typeof id !== 'string' || typeof text !== 'string') {
      throw new PawlError('LEDGER_CORRUPT', 'a column holds a value of another type');
    }
    const stream = this.#nameOf(streamRef);
    return { position, revision, id: id as EventId, leaf, text, bytes, stream, streamRef };
  }

  #nameOf(streamRef: number): StreamName {
    const known = this.#names.get(streamRef);
    if (known !== undefined) return known;
    const name = String(this.#name.get(streamRef)?.[0] ?? `(no stream ${streamRef})`) as StreamName;
    if (this.#names.size >= namesMax) this.#names.clear();
    this.#names.set(streamRef, name);
    return name;
  }

  #prepare(sql: string): StatementSync & { get(...args: readonly number[]): readonly unknown[] | undefined } {
    const statement = this.#db.prepare(sql);
    statement.setReturnArrays(true);
    return statement as never;
  }
}

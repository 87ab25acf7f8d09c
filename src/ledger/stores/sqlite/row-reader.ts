import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Digest, EventId, StreamName } from '../../../kernel/brand.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
import type { FrontierState } from '../../audit/tree-frontier.ts';
import { hashBytes } from '../../audit/tree-hash.ts';
import type { StoredRecord } from '../../event-store.ts';
import type { StoredBlob } from './blob-codec.ts';

type RecordRow = readonly [
  position: number,
  revision: number,
  id: string,
  leafAndBytes: Uint8Array,
  stream: string,
];

/** Every query that reads the ledger, over one connection. Each call is one short read transaction. */
export class RowReader {
  readonly #head: StatementSync;
  readonly #size: StatementSync;
  readonly #streamRef: StatementSync;
  readonly #lastRevision: StatementSync;
  readonly #all: StatementSync;
  readonly #texts: StatementSync;
  readonly #leaves: StatementSync;
  readonly #ofStream: StatementSync;
  readonly #byId: StatementSync;
  readonly #streams: StatementSync;
  readonly #blob: StatementSync;
  readonly #hasBlob: StatementSync;
  readonly #blobSize: StatementSync;
  readonly #digests: StatementSync;
  readonly #erasedTable: StatementSync;
  readonly #prepare: (sql: string) => StatementSync;
  /** Prepared when there is such a table: a file of format 1 has none, until its writer upgrades it while we read. */
  #erasedSize: StatementSync | undefined;

  constructor(db: DatabaseSync) {
    const prepare = (sql: string): StatementSync => {
      const statement = db.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    this.#prepare = prepare;
    // Leaf and bytes come as one value, because a buffer per row is half of what reading a row costs. The zero between them
    // is where the hash of a leaf begins, so that checking one needs no copy.
    const columns = `position, revision, id, CAST(leaf || x'00' || bytes AS BLOB), (SELECT name FROM streams s WHERE s.stream = records.stream)`;
    this.#head = prepare('SELECT size, roots FROM head WHERE only = 1');
    this.#size = prepare('SELECT size FROM head WHERE only = 1');
    this.#streamRef = prepare('SELECT stream FROM streams WHERE name = ?');
    this.#lastRevision = prepare('SELECT max(revision) FROM records WHERE stream = ?');
    this.#all = prepare(`SELECT ${columns} FROM records WHERE position >= ? ORDER BY position LIMIT ?`);
    this.#texts = prepare(
      'SELECT CAST(bytes AS TEXT), position FROM records WHERE position >= ? ORDER BY position LIMIT ?',
    );
    this.#leaves = prepare('SELECT leaf FROM records WHERE position >= ? ORDER BY position LIMIT ?');
    this.#ofStream = prepare(
      `SELECT ${columns} FROM records WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?`,
    );
    this.#byId = prepare(`SELECT ${columns} FROM records WHERE id = ?`);
    this.#streams = prepare(
      'SELECT stream, name FROM streams WHERE stream > ? AND substr(name, 1, length(?2)) = ?2 ORDER BY stream LIMIT ?',
    );
    this.#blob = prepare('SELECT encoding, size, bytes FROM blobs WHERE digest = ?');
    this.#hasBlob = prepare('SELECT 1 FROM blobs WHERE digest = ?');
    this.#blobSize = prepare('SELECT size FROM blobs WHERE digest = ?');
    this.#erasedTable = prepare("SELECT 1 FROM sqlite_schema WHERE name = 'erased'");
    this.#digests = prepare('SELECT digest FROM blobs WHERE digest > ? ORDER BY digest LIMIT ?');
  }

  frontier(): FrontierState | undefined {
    const row = this.#head.get() as unknown as readonly [number, Uint8Array] | undefined;
    return row === undefined ? undefined : { size: row[0], roots: row[1] };
  }

  /** Number of records; the cheapest way to see that something was committed. */
  size(): number {
    return (this.#size.get() as unknown as readonly [number] | undefined)?.[0] ?? 0;
  }

  /** The number a stream goes by in this file. */
  streamRef(name: StreamName): number | undefined {
    return (this.#streamRef.get(name) as unknown as readonly [number] | undefined)?.[0];
  }

  lastRevision(streamRef: number): number {
    return (this.#lastRevision.get(streamRef) as unknown as readonly [number | null])[0] ?? -1;
  }

  recordsFrom(position: number, limit: number): StoredRecord[] {
    return (this.#all.all(position, limit) as unknown as RecordRow[]).map(toRecord);
  }

  /** @throws PawlError `LEDGER_CORRUPT` when a position is missing, because whoever counts along would be misled */
  textsFrom(position: number, limit: number): string[] {
    const rows = this.#texts.all(position, limit) as unknown as (readonly [string, number])[];
    const last = rows.at(-1)?.[1] ?? position - 1;
    if (last === position + rows.length - 1) return rows.map(([text]) => text);
    throw new PawlError(
      'LEDGER_CORRUPT',
      `Records are missing between the positions ${position} and ${last}.`,
      {
        context: { position, last },
      },
    );
  }

  leavesFrom(position: number, limit: number): Uint8Array[] {
    const rows = this.#leaves.all(position, limit) as unknown as (readonly [Uint8Array])[];
    return rows.map(([leaf]) => leaf);
  }

  recordsOfStream(streamRef: number, revision: number, limit: number): StoredRecord[] {
    return (this.#ofStream.all(streamRef, revision, limit) as unknown as RecordRow[]).map(toRecord);
  }

  recordById(id: EventId): StoredRecord | undefined {
    const row = this.#byId.get(id) as unknown as RecordRow | undefined;
    return row === undefined ? undefined : toRecord(row);
  }

  streamsAfter(streamRef: number, prefix: string, limit: number): readonly (readonly [number, StreamName])[] {
    return this.#streams.all(streamRef, prefix, limit) as unknown as (readonly [number, StreamName])[];
  }

  blob(digest: Digest): StoredBlob | undefined {
    const row = this.#blob.get(Buffer.from(digest, 'hex')) as unknown as
      | readonly [StoredBlob['encoding'], number, Uint8Array]
      | undefined;
    return row === undefined ? undefined : { encoding: row[0], size: row[1], bytes: row[2] };
  }

  hasBlob(digest: Digest): boolean {
    return this.#hasBlob.get(Buffer.from(digest, 'hex')) !== undefined;
  }

  /** Length of a stored blob's raw bytes. */
  blobSize(digest: Digest): number | undefined {
    const row = this.#blobSize.get(Buffer.from(digest, 'hex'));
    return (row as unknown as readonly [number] | undefined)?.[0];
  }

  /** Length of the raw bytes that were erased under this digest. */
  erasedSize(digest: Digest): number | undefined {
    if (this.#erasedSize === undefined) {
      if (this.#erasedTable.get() === undefined) return undefined;
      this.#erasedSize = this.#prepare('SELECT size FROM erased WHERE digest = ?');
    }
    const row = this.#erasedSize.get(Buffer.from(digest, 'hex'));
    return (row as unknown as readonly [number] | undefined)?.[0];
  }

  /** Also of blobs that were erased, whose rows stay. */
  digestsAfter(digest: string, limit: number): Digest[] {
    const rows = this.#digests.all(Buffer.from(digest, 'hex'), limit) as unknown as (readonly [Uint8Array])[];
    return rows.map(([bytes]) => Buffer.from(bytes).toString('hex') as Digest);
  }
}

function toRecord([position, revision, id, leafAndBytes, stream]: RecordRow): StoredRecord {
  return {
    position,
    stream: stream as StreamName,
    revision,
    id: id as EventId,
    bytes: leafAndBytes.subarray(hashBytes + 1),
    leaf: leafAndBytes.subarray(0, hashBytes),
  };
}

import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { StreamName } from '../../../kernel/brand.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
import { TreeFrontier } from '../../audit/tree-frontier.ts';
import type { OrderEntry, OrderHead, OrderShelf, StreamStart } from '../eventstore/order/order-entry.ts';
import { sqliteCode, sqliteCodeOf, storageError } from './sqlite-errors.ts';

/** "Pawl" in ASCII, with an "o" for order in place of its last letter. */
const applicationId = 0x5061776f;
const formatVersion = 1;

const schemaSql = `
CREATE TABLE head (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  size INTEGER NOT NULL, roots BLOB NOT NULL, through_commit INTEGER, through_prepare INTEGER
) STRICT;
INSERT INTO head VALUES (1, 0, x'', NULL, NULL);
CREATE TABLE streams (stream INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, first INTEGER NOT NULL UNIQUE) STRICT;
CREATE TABLE entries (
  position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, revision INTEGER NOT NULL, leaf BLOB NOT NULL,
  at_commit INTEGER NOT NULL, at_prepare INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX entries_by_stream ON entries (stream, revision);
PRAGMA application_id = ${applicationId};
PRAGMA user_version = ${formatVersion};
`;

/** Other processes write for some milliseconds at a time. */
const busyMs = 2000;
const entriesPerRead = 1024;

type Row = readonly [
  position: bigint,
  stream: string,
  revision: bigint,
  leaf: Uint8Array,
  commit: bigint,
  prepare: bigint,
];
type HeadRow = readonly [size: bigint, roots: Uint8Array, commit: bigint | null, prepare: bigint | null];

/**
 * The order of a ledger on a log server as this machine has seen it, in a file that several processes share. It is a help: lost,
 * it is made again from the server. A transaction in rollback mode per write, so that a killed process leaves nothing half done.
 */
export class OrderFile implements OrderShelf {
  readonly path: string;
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  /**
   * Makes the file where there is none.
   *
   * @throws PawlError `LEDGER_CORRUPT` when the file is no such file, or damaged; any other error when it cannot be used now
   */
  constructor(path: string) {
    this.path = path;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#db = openOrCreate(path);
    try {
      this.#check();
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  head(): OrderHead {
    const [size, roots, commit, prepare] = this.#get<HeadRow>(
      'SELECT size, roots, through_commit, through_prepare FROM head',
    ) as HeadRow;
    const through = commit === null || prepare === null ? null : { commit, prepare };
    return { size: Number(size), roots, through };
  }

  entries(from: number, count: number): OrderEntry[] {
    const sql = `SELECT position, (SELECT name FROM streams s WHERE s.stream = entries.stream), revision, leaf, at_commit, at_prepare
      FROM entries WHERE position >= ? ORDER BY position LIMIT ?`;
    return this.#all<Row>(sql, from, count).map(([position, stream, revision, leaf, commit, prepare]) => ({
      position: Number(position),
      stream: stream as StreamName,
      revision: Number(revision),
      leaf,
      at: { commit, prepare },
    }));
  }

  leaves(from: number, count: number): Uint8Array[] {
    const sql = 'SELECT leaf FROM entries WHERE position >= ? ORDER BY position LIMIT ?';
    return this.#all<readonly [Uint8Array]>(sql, from, count).map(([leaf]) => leaf);
  }

  lastRevision(stream: StreamName, below: number): number {
    // From the newest on: what is not below has only just come.
    const sql = `SELECT revision FROM entries WHERE stream = (SELECT stream FROM streams WHERE name = ?) AND position < ?
      ORDER BY revision DESC LIMIT 1`;
    return Number(this.#get<readonly [bigint]>(sql, stream, below)?.[0] ?? -1);
  }

  positions(stream: StreamName, fromRevision: number, count: number, below: number): number[] {
    const sql = `SELECT position FROM entries WHERE stream = (SELECT stream FROM streams WHERE name = ?) AND revision >= ?
      ORDER BY revision LIMIT ?`;
    const rows = this.#all<readonly [bigint]>(sql, stream, fromRevision, count);
    return rows.map(([position]) => Number(position)).filter((position) => position < below);
  }

  streams(from: number, count: number, below: number): StreamStart[] {
    const sql = 'SELECT name, first FROM streams WHERE first >= ? AND first < ? ORDER BY first LIMIT ?';
    const rows = this.#all<readonly [string, bigint]>(sql, from, below, count);
    return rows.map(([name, first]) => ({ stream: name as StreamName, first: Number(first) }));
  }

  extend(
    base: number,
    read: (from: number, count: number) => readonly OrderEntry[],
    head: OrderHead,
  ): PawlError | null {
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      const known = this.head();
      this.#mustAgree(base, read, Math.min(known.size, head.size), known.size);
      for (let from = known.size; from < head.size; from += entriesPerRead) {
        for (const entry of read(from, entriesPerRead)) this.#insert(entry);
      }
      if (head.size >= known.size) this.#setHead(head, known);
      this.#db.exec('COMMIT');
      return null;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      // Full, busy, not to be written: the entries stay in memory.
      if (sqliteCodeOf(error) === undefined || isDamage(error)) throw storageError(error, this.path);
      return storageError(error, this.path);
    }
  }

  close(): void {
    this.#db.close();
  }

  #check(): void {
    const head = this.head();
    TreeFrontier.restore(head);
    const last = this.#get<readonly [bigint | null]>('SELECT max(position) FROM entries')?.[0] ?? -1n;
    if (Number(last) !== head.size - 1) throw differs(this.path);
    if (head.size > 0 && this.entries(head.size - 1, 1)[0]?.stream == null) throw differs(this.path);
  }

  /** What another process wrote since must be what this one has in memory. */
  #mustAgree(
    base: number,
    read: (from: number, count: number) => readonly OrderEntry[],
    end: number,
    size: number,
  ): void {
    if (size < base) throw differs(this.path);
    for (let from = base; from < end; from += entriesPerRead) {
      const count = Math.min(entriesPerRead, end - from);
      const theirs = this.entries(from, count);
      const agrees = read(from, count).every((own, index) => isSame(own, theirs[index]));
      if (!agrees || theirs.length !== count) throw differs(this.path);
    }
  }

  #insert({ position, stream, revision, leaf, at }: OrderEntry): void {
    if (revision === 0) this.#run('INSERT INTO streams (name, first) VALUES (?, ?)', stream, position);
    const sql = 'INSERT INTO entries VALUES (?, (SELECT stream FROM streams WHERE name = ?), ?, ?, ?, ?)';
    this.#run(sql, position, stream, revision, leaf, at.commit, at.prepare);
  }

  #setHead(head: OrderHead, known: OrderHead): void {
    const { size, roots, through } = head;
    // Of two who know the same records the one who saw further is right.
    if (size === known.size && (through?.commit ?? -1n) <= (known.through?.commit ?? -1n)) return;
    const sql = 'UPDATE head SET size = ?, roots = ?, through_commit = ?, through_prepare = ?';
    this.#run(sql, size, roots, through?.commit ?? null, through?.prepare ?? null);
  }

  #statement(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    statement.setReturnArrays(true);
    // Places in a log are 64 bits wide.
    statement.setReadBigInts(true);
    this.#prepared.set(sql, statement);
    return statement;
  }

  #all<Result>(sql: string, ...values: (string | number)[]): readonly Result[] {
    try {
      return this.#statement(sql).all(...values) as unknown as Result[];
    } catch (error) {
      throw storageError(error, this.path);
    }
  }

  #get<Result>(sql: string, ...values: (string | number)[]): Result | undefined {
    return this.#all<Result>(sql, ...values)[0];
  }

  #run(sql: string, ...values: (string | number | bigint | Uint8Array | null)[]): void {
    this.#statement(sql).run(...values);
  }
}

function openOrCreate(path: string): DatabaseSync {
  try {
    // Others learn nothing of the ledger from its index.
    closeSync(openSync(path, 'a', 0o600));
  } catch {
    // In a place that cannot be written, a file that is there can still be read.
  }
  const db = new DatabaseSync(path, { timeout: busyMs });
  try {
    db.exec('PRAGMA synchronous = NORMAL');
    if (pragma(db, 'application_id') === 0) create(db);
    if (pragma(db, 'application_id') !== applicationId || pragma(db, 'user_version') !== formatVersion) {
      throw differs(path);
    }
    return db;
  } catch (error) {
    db.close();
    throw storageError(error, path);
  }
}

function create(db: DatabaseSync): void {
  db.exec('BEGIN IMMEDIATE');
  // Another process may have been quicker.
  const isEmpty = db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
  db.exec(isEmpty ? `${schemaSql} COMMIT` : 'ROLLBACK');
}

function isSame(left: OrderEntry, right: OrderEntry | undefined): boolean {
  return (
    left.stream === right?.stream &&
    left.revision === right.revision &&
    left.at.commit === right.at.commit &&
    left.at.prepare === right.at.prepare &&
    Buffer.compare(left.leaf, right.leaf) === 0
  );
}

function isDamage(error: unknown): boolean {
  const code = sqliteCodeOf(error);
  return code === sqliteCode.corrupt || code === sqliteCode.notADatabase || code === sqliteCode.constraint;
}

function differs(path: string): PawlError {
  return new PawlError(
    'LEDGER_CORRUPT',
    `${path} does not hold the order that it should. It is only an index: remove it, and it is made again from the ledger.`,
    { context: { path } },
  );
}

function pragma(db: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

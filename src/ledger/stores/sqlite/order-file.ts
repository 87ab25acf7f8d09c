import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StreamName } from '../../../kernel/brand.ts';
import type { PawlError } from '../../../kernel/pawl-error.ts';
import { TreeFrontier } from '../../audit/tree-frontier.ts';
import type { OrderEntry, OrderHead, OrderShelf, StreamStart } from '../eventstore/order/order-entry.ts';
import { openOrderDatabase, orderDiffers } from './open-order-database.ts';
import { sqliteCode, sqliteCodeOf, storageError } from './sqlite-errors.ts';

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
    this.#db = openOrderDatabase(path);
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
    if (Number(last) !== head.size - 1) throw orderDiffers(this.path);
    if (head.size > 0 && this.entries(head.size - 1, 1)[0]?.stream == null) throw orderDiffers(this.path);
  }

  /** What another process wrote since must be what this one has in memory. */
  #mustAgree(
    base: number,
    read: (from: number, count: number) => readonly OrderEntry[],
    end: number,
    size: number,
  ): void {
    if (size < base) throw orderDiffers(this.path);
    for (let from = base; from < end; from += entriesPerRead) {
      const count = Math.min(entriesPerRead, end - from);
      const theirs = this.entries(from, count);
      const agrees = read(from, count).every((own, index) => isSame(own, theirs[index]));
      if (!agrees || theirs.length !== count) throw orderDiffers(this.path);
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

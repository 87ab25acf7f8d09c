import type { DatabaseSync } from 'node:sqlite';
import type { Digest } from '../../../kernel/brand.ts';
import { PawlError } from '../../../kernel/pawl-error.ts';
import { blobNotFound } from '../store-errors.ts';
import { sqliteCode, sqliteCodeOf } from './sqlite-errors.ts';

/**
 * Takes a blob's bytes out of a ledger file so that they stand nowhere in it any more: not in the row, not in free space, not
 * in the write-ahead log. Three steps, each of which may be repeated by whoever comes after a crash:
 *
 * 1. The digest is marked and the bytes are overwritten with as many zeros, in one transaction. A row that keeps its length is
 *    written over where it lies, overflow pages included; nothing is moved, so nothing is left behind.
 * 2. A file that was begun in format 1 is written anew once, because its free space may hold copies.
 * 3. The log is folded into the file and cut to nothing.
 */
export class BlobEraser {
  readonly #db: DatabaseSync;
  readonly #address: string;
  /** How long readers that hold the log may keep us waiting, milliseconds. */
  readonly #readersWaitMs: number;

  constructor(db: DatabaseSync, address: string, readersWaitMs: number) {
    this.#db = db;
    this.#address = address;
    this.#readersWaitMs = readersWaitMs;
  }

  /** @throws PawlError `BLOB_NOT_FOUND`, `LEDGER_BUSY` when the bytes still stand in the log; or an error of SQLite */
  erase(digest: Digest): void {
    this.#overwrite(digest);
    const waitMs = Number(this.#db.prepare('PRAGMA busy_timeout').get()?.['timeout']);
    this.#db.exec(`PRAGMA busy_timeout = ${this.#readersWaitMs}`);
    try {
      this.#rewriteOnce(digest);
      this.#emptyLog(digest);
    } finally {
      this.#db.exec(`PRAGMA busy_timeout = ${waitMs}`);
    }
  }

  #overwrite(digest: Digest): void {
    const key = Buffer.from(digest, 'hex');
    if (this.#db.prepare('SELECT 1 FROM erased WHERE digest = ?').get(key) !== undefined) return;
    const size = this.#db.prepare('SELECT size FROM blobs WHERE digest = ?').get(key)?.['size'];
    if (typeof size !== 'number') throw blobNotFound(digest);
    this.#db.exec('BEGIN IMMEDIATE');
    this.#db.prepare('INSERT INTO erased (digest, size) VALUES (?, ?)').run(key, size);
    this.#db.prepare('UPDATE blobs SET bytes = zeroblob(length(bytes)) WHERE digest = ?').run(key);
    this.#db.exec('COMMIT');
  }

  #rewriteOnce(digest: Digest): void {
    if (this.#db.prepare('SELECT residue FROM head').get()?.['residue'] === 0) return;
    try {
      this.#db.exec('VACUUM');
    } catch (error) {
      const code = sqliteCodeOf(error);
      if (code === sqliteCode.busy || code === sqliteCode.locked) throw this.#heldByReaders(digest);
      throw error;
    }
    this.#db.exec('UPDATE head SET residue = 0');
  }

  #emptyLog(digest: Digest): void {
    // A busy checkpoint waits for its readers as long as the timeout says, and then reports instead of failing.
    const row = this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
    if (row?.['busy'] !== 0) throw this.#heldByReaders(digest);
  }

  #heldByReaders(digest: Digest): PawlError {
    return new PawlError(
      'LEDGER_BUSY',
      `The blob ${digest} is erased from ${this.#address}, but another program has been reading for ${this.#readersWaitMs} ms, and until it ends the bytes still stand in the log beside the file. Close it and erase the blob again.`,
      { context: { address: this.#address, digest } },
    );
  }
}

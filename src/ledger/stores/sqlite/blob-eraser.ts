import type { DatabaseSync } from 'node:sqlite';
import type { Digest } from '../../../kernel/brand.ts';
import { isPawlError, PawlError } from '../../../kernel/pawl-error.ts';
import { blobNotFound } from '../store-errors.ts';
import { sqliteCode, sqliteCodeOf } from './sqlite-errors.ts';
import type { WriteTurns } from './write-turns.ts';

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
  readonly #turns: WriteTurns;

  constructor(db: DatabaseSync, address: string, turns: WriteTurns, readersWaitMs: number) {
    this.#db = db;
    this.#address = address;
    this.#turns = turns;
    this.#readersWaitMs = readersWaitMs;
  }

  /**
   * @param bytesUnlessStored length of the raw bytes of a blob that is to be marked even when it was never here; null where that
   * is `BLOB_NOT_FOUND`
   * @throws PawlError `BLOB_NOT_FOUND`, `LEDGER_BUSY` when the bytes still stand in the log; or an error of SQLite
   */
  erase(digest: Digest, bytesUnlessStored: number | null): void {
    this.#turns.begin();
    try {
      this.#overwrite(digest, bytesUnlessStored);
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
    this.#rewriteOnce(digest);
    this.#emptyLog(digest);
  }

  #overwrite(digest: Digest, bytesUnlessStored: number | null): void {
    const key = Buffer.from(digest, 'hex');
    if (this.#db.prepare('SELECT 1 FROM erased WHERE digest = ?').get(key) !== undefined) return;
    const stored = this.#db.prepare('SELECT size FROM blobs WHERE digest = ?').get(key)?.['size'];
    const size = stored ?? bytesUnlessStored;
    if (typeof size !== 'number') throw blobNotFound(digest);
    if (stored === undefined) {
      // A mark has a row of the blob beside it, always; this one has no bytes to overwrite.
      const row = "INSERT INTO blobs (digest, encoding, size, bytes) VALUES (?, 'raw', ?, x'')";
      this.#db.prepare(row).run(key, size);
    }
    this.#db.prepare('INSERT INTO erased (digest, size) VALUES (?, ?)').run(key, size);
    this.#db.prepare('UPDATE blobs SET bytes = zeroblob(length(bytes)) WHERE digest = ?').run(key);
  }

  #rewriteOnce(digest: Digest): void {
    this.#insist(digest, () => {
      if (this.#db.prepare('SELECT residue FROM head').get()?.['residue'] === 0) return true;
      this.#db.exec('VACUUM');
      this.#db.exec('UPDATE head SET residue = 0');
      return true;
    });
  }

  #emptyLog(digest: Digest): void {
    // A checkpoint that others are in the way of reports it instead of failing.
    this.#insist(digest, () => this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0);
  }

  /** Again and again, in line before all that want to write, until no reader is in the way any more. */
  #insist(digest: Digest, attempt: () => boolean): void {
    try {
      this.#turns.inLine(this.#readersWaitMs, () => {
        try {
          return attempt();
        } catch (error) {
          const code = sqliteCodeOf(error);
          if (code === sqliteCode.busy || code === sqliteCode.locked) return false;
          throw error;
        }
      });
    } catch (error) {
      throw isPawlError(error, 'LEDGER_BUSY') ? this.#heldByReaders(digest) : error;
    }
  }

  #heldByReaders(digest: Digest): PawlError {
    return new PawlError(
      'LEDGER_BUSY',
      `The blob ${digest} is erased from ${this.#address}, but another program has been reading for ${this.#readersWaitMs} ms, and until it ends the bytes still stand in the log beside the file. Close it and erase the blob again.`,
      { context: { address: this.#address, digest } },
    );
  }
}

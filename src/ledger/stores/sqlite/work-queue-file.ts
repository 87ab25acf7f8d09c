import { rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { PawlError } from '../../../kernel/pawl-error.ts';
import { ledgerClosed } from '../store-errors.ts';
import { inodeOf, makeQueueFile, openQueueToRead, openQueueToWrite } from './open-queue-file.ts';
import { sqliteCodeOf, storageError } from './sqlite-errors.ts';
import { WorkQueueRows } from './work-queue-rows.ts';

export interface WorkQueueFileOptions {
  /** Of the ledger, with symbolic links followed, so that all of its processes find one queue. */
  readonly ledgerPath: string;
  readonly mode: 'write' | 'read';
  /** Cap on the file in pages of 4 KiB, for tests of a full disk. */
  readonly pagesMax: number | null;
  /** How long an operation waits for others that hold the file before it fails. */
  readonly busyMsMax: number;
}

interface Connection {
  readonly db: DatabaseSync;
  readonly rows: WorkQueueRows;
}

const pauseMs = 5;
const renewalsMax = 2;

export function workQueuePath(ledgerPath: string): string {
  return `${ledgerPath}-queue`;
}

/**
 * The file of the queue, beside the ledger. Made when something is first written; made again when it is gone or damaged, since
 * all it holds follows from the ledger.
 *
 * Errors: `LEDGER_BUSY`, `LEDGER_CLOSED`, `LEDGER_FORMAT`, `LEDGER_FORMAT_NEWER`, `LEDGER_READ_ONLY`, `STORAGE_FULL`,
 * `STORAGE_FAILED`.
 */
export class WorkQueueFile {
  readonly address: string;
  readonly #path: string;
  readonly #options: WorkQueueFileOptions;
  #connection: Connection | undefined;
  /** Which file the connection is of, or was tried with: a path may lead to another one meanwhile. */
  #inode: number | undefined;
  #closed = false;

  constructor(options: WorkQueueFileOptions) {
    this.#options = options;
    this.#path = workQueuePath(options.ledgerPath);
    this.address = `sqlite:${this.#path}`;
  }

  /** @returns `otherwise` where there is no file yet, or one that the next who writes makes again */
  async read<Result>(work: (rows: WorkQueueRows) => Result, otherwise: Result): Promise<Result> {
    try {
      return await this.#persist(() => {
        const connection = this.#open();
        return connection === undefined ? otherwise : work(connection.rows);
      });
    } catch (error) {
      if (error instanceof PawlError && error.code === 'LEDGER_CORRUPT') return otherwise;
      throw error;
    }
  }

  /** Runs the work alone among all processes; all of what it writes is kept, or nothing. */
  write<Result>(work: (rows: WorkQueueRows) => Result): Promise<Result> {
    return this.#persist(() => {
      if (this.#options.mode === 'read') throw readOnly(this.address);
      const { db, rows } = this.#open() ?? this.#make();
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = work(rows);
        db.exec('COMMIT');
        return result;
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      }
    });
  }

  close(): void {
    this.#closed = true;
    this.#disconnect();
  }

  async #persist<Result>(work: () => Result): Promise<Result> {
    const giveUpMs = performance.now() + this.#options.busyMsMax;
    for (let renewals = 0; ; ) {
      if (this.#closed) throw ledgerClosed(this.address);
      try {
        return work();
      } catch (error) {
        if (!(error instanceof PawlError) && sqliteCodeOf(error) === undefined) throw error;
        const coded = storageError(error, this.address);
        if (coded.code === 'LEDGER_BUSY') {
          if (performance.now() >= giveUpMs) throw coded;
          await setTimeout(pauseMs);
          continue;
        }
        const replaced = this.#inode !== undefined && this.#inode !== inodeOf(this.#path);
        const damaged = coded.code === 'LEDGER_CORRUPT' && this.#options.mode === 'write';
        if (renewals === renewalsMax || !(replaced || damaged)) throw coded;
        renewals += 1;
        this.#disconnect();
        if (!replaced)
          for (const suffix of ['', '-wal', '-shm']) rmSync(this.#path + suffix, { force: true });
      }
    }
  }

  #open(): Connection | undefined {
    const inode = inodeOf(this.#path);
    if (this.#connection !== undefined && this.#inode === inode) return this.#connection;
    // Somebody has put another file there, or none: what goes on in the old one reaches nobody.
    this.#disconnect();
    this.#inode = inode;
    if (inode === undefined) return undefined;
    const { mode, pagesMax } = this.#options;
    const db =
      mode === 'read'
        ? openQueueToRead(this.#path, this.address)
        : openQueueToWrite(this.#path, this.address, pagesMax);
    if (db !== undefined) this.#connection = { db, rows: new WorkQueueRows(db) };
    return this.#connection;
  }

  #make(): Connection {
    makeQueueFile(this.#path, this.#options.ledgerPath, this.address);
    const connection = this.#open();
    if (connection !== undefined) return connection;
    const message = `${this.address} was removed while it was made; try again.`;
    throw new PawlError('STORAGE_FAILED', message, { context: { address: this.address } });
  }

  #disconnect(): void {
    this.#connection?.db.close();
    this.#connection = undefined;
  }
}

function readOnly(address: string): PawlError {
  return new PawlError(
    'LEDGER_READ_ONLY',
    `${address} was opened for reading; open the ledger for writing.`,
    {
      context: { address },
    },
  );
}

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { EventId } from '../../../kernel/brand.ts';

const rowsPerStatement = 8;

/**
 * Inserts records several to a statement: calling SQLite costs about as much as what it does for one row. Rows wait until a
 * statement is full or `flush` is called, which must be before the commit.
 */
export class RecordInserter {
  readonly #one: StatementSync;
  readonly #many: StatementSync;
  #waiting: (number | string | Uint8Array | null)[] = [];
  #rows = 0;

  constructor(db: DatabaseSync) {
    const row = '(?, ?, ?, ?, ?, ?)';
    this.#one = db.prepare(`INSERT INTO records VALUES ${row}`);
    this.#many = db.prepare(`INSERT INTO records VALUES ${Array(rowsPerStatement).fill(row).join(', ')}`);
  }

  add(
    position: number,
    stream: number | null,
    revision: number,
    id: EventId,
    leaf: Uint8Array,
    bytes: Uint8Array,
  ): void {
    this.#waiting.push(position, stream, revision, id, leaf, bytes);
    this.#rows += 1;
    if (this.#rows === rowsPerStatement) this.#insert(this.#many);
  }

  /** Writes what still waits. */
  flush(): void {
    const columns = this.#rows === 0 ? 0 : this.#waiting.length / this.#rows;
    const waiting = this.#waiting;
    this.discard();
    for (let start = 0; start < waiting.length; start += columns) {
      this.#one.run(...waiting.slice(start, start + columns));
    }
  }

  /** Forgets what waits, after a rollback. */
  discard(): void {
    this.#waiting = [];
    this.#rows = 0;
  }

  #insert(statement: StatementSync): void {
    const waiting = this.#waiting;
    this.discard();
    statement.run(...waiting);
  }
}

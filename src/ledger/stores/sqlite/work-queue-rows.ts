import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { StreamName } from '../../../kernel/brand.ts';
import type { WorkTerms } from '../../work-queue.ts';
import type { KeptItem } from '../kept-item.ts';

export interface RunRow {
  readonly run: number;
  readonly terms: WorkTerms;
}

/** An item with its place in the order of offering. */
export interface ItemRow {
  readonly item: number;
  readonly episode: StreamName;
  readonly kept: KeptItem;
}

const columns = 'item, episode, state, attempts, granted, worker, why, reason';

/** The statements of the queue's file, each prepared once. Transactions are the caller's. */
export class WorkQueueRows {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  run(name: StreamName): RunRow | undefined {
    const row = this.#sql('SELECT run, lease_ms, attempts_max FROM runs WHERE name = ?').get(name);
    if (row === undefined) return undefined;
    const terms = { leaseMs: Number(row['lease_ms']), attemptsMax: Number(row['attempts_max']) };
    return { run: Number(row['run']), terms };
  }

  keepRun(name: StreamName, { leaseMs, attemptsMax }: WorkTerms): number {
    const row = this.#sql(
      `INSERT INTO runs (name, lease_ms, attempts_max) VALUES (?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET lease_ms = excluded.lease_ms, attempts_max = excluded.attempts_max
       RETURNING run`,
    ).get(name, leaseMs, attemptsMax);
    return Number(row?.['run']);
  }

  removeRun(name: StreamName): void {
    this.#sql('DELETE FROM runs WHERE name = ?').run(name);
  }

  /** Nothing where it is there already. */
  insertItem(run: number, episode: StreamName): void {
    this.#sql('INSERT OR IGNORE INTO items (run, episode) VALUES (?, ?)').run(run, episode);
  }

  hasItem(run: number, episode: StreamName): boolean {
    return this.#sql('SELECT 1 FROM items WHERE run = ? AND episode = ?').get(run, episode) !== undefined;
  }

  item(run: number, episode: StreamName): ItemRow | undefined {
    return this.#item(`SELECT ${columns} FROM items WHERE run = ? AND episode = ?`, run, episode);
  }

  firstWaiting(run: number): ItemRow | undefined {
    return this.#item(
      `SELECT ${columns} FROM items WHERE run = ? AND state = 'waiting' ORDER BY item LIMIT 1`,
      run,
    );
  }

  /** The first item of a run that a worker has. */
  firstTakenBy(worker: string, run: number): ItemRow | undefined {
    return this.#item(
      `SELECT ${columns} FROM items WHERE worker = ? AND run = ? AND state = 'taken' ORDER BY item LIMIT 1`,
      worker,
      run,
    );
  }

  items(run: number, state: KeptItem['state'] | null): readonly ItemRow[] {
    const where = state === null ? '' : `AND state = '${state}'`;
    const rows = this.#sql(`SELECT ${columns} FROM items WHERE run = ? ${where} ORDER BY item`).all(run);
    return rows.map(toItem);
  }

  updateItem(item: number, { state, attempts, grant, worker, why, reason }: KeptItem): void {
    this.#sql(
      'UPDATE items SET state = ?, attempts = ?, granted = ?, worker = ?, why = ?, reason = ? WHERE item = ?',
    ).run(state, attempts, grant, worker, why, reason, item);
  }

  signs(): readonly (readonly [worker: string, sign: number])[] {
    // Read at every look for something to take: as arrays, without an object for each.
    const statement = this.#sql('SELECT worker, signs FROM workers');
    statement.setReturnArrays(true);
    return statement.all() as unknown as readonly (readonly [string, number])[];
  }

  /** Something was heard of a worker. */
  sign(worker: string, pulse: string | null): void {
    this.#sql(
      `INSERT INTO workers (worker, signs, pulse) VALUES (?, 1, ?)
       ON CONFLICT (worker) DO UPDATE SET signs = signs + 1, pulse = coalesce(excluded.pulse, pulse)`,
    ).run(worker, pulse);
  }

  /** By name of the worker. */
  pulses(): readonly string[] {
    const rows = this.#sql('SELECT pulse FROM workers WHERE pulse IS NOT NULL ORDER BY worker').all();
    return rows.map((row) => String(row['pulse']));
  }

  /** Nothing where it still has an item. */
  removeWorker(worker: string): void {
    this.#sql(
      `DELETE FROM workers WHERE worker = ?1
       AND NOT EXISTS (SELECT 1 FROM items WHERE items.worker = ?1 AND state = 'taken')`,
    ).run(worker);
  }

  #item(sql: string, ...values: readonly SQLInputValue[]): ItemRow | undefined {
    const row = this.#sql(sql).get(...values);
    return row === undefined ? undefined : toItem(row);
  }

  #sql(text: string): StatementSync {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#db.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }
}

function toItem(row: Record<string, unknown>): ItemRow {
  const { item, episode, granted, ...rest } = row;
  return { item, episode, kept: { ...rest, grant: granted } } as ItemRow;
}

import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { PawlError } from '../../../kernel/pawl-error.ts';
import { sqliteCode, sqliteCodeOf } from './sqlite-errors.ts';

/** Who has just written looks this often whether somebody waits; looking costs a few microseconds. */
const lookEveryMs = 5;
/** Longest pause for somebody who waits. */
const giveWayMs = 25;
/** Whoever stands in line and does not move for a whole pause (a stopped process) is not waited for again so soon. */
const inVainMs = 1000;
/** Pauses grow by a step with every attempt, up to these. */
const stepMs = { first: 0.05, others: 1 };
const pauseMsMax = { first: 1, others: 5 };

/** How long a writer waits for others before it gives up with `LEDGER_BUSY`, milliseconds. */
export interface WriterWaits {
  /** For a turn at writing, while other processes write. */
  readonly turnMs: number;
  /** For readers that hold the log, in an erasure. */
  readonly readersMs: number;
}

/**
 * Turns at writing one ledger file from several processes. SQLite lets one transaction write at a time and leaves it to chance
 * who is next. Therefore there is a line with one place, a lock beside the ledger: who finds the ledger taken stands there, and
 * who comes from writing gives way to whoever does. The line is a courtesy and nothing rests on it: order and safety come from
 * SQLite's own lock.
 */
export class WriteTurns {
  readonly #address: string;
  readonly #waitMs: number;
  readonly #begin: StatementSync;
  readonly #version: StatementSync;
  readonly #line: DatabaseSync;
  readonly #enter: StatementSync;
  readonly #leave: StatementSync;
  readonly #asleep = new Int32Array(new SharedArrayBuffer(4));
  #lookAgainMs = 0;
  #isQuiet = false;

  /**
   * @param line path of the file whose lock is the line
   * @param waitMs longest wait for a turn
   */
  constructor(db: DatabaseSync, address: string, line: string, waitMs: number) {
    this.#address = address;
    this.#waitMs = waitMs;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#version = db.prepare('PRAGMA data_version');
    this.#version.setReturnArrays(true);
    this.#line = new DatabaseSync(line, { timeout: 0 });
    this.#enter = this.#line.prepare('BEGIN IMMEDIATE');
    this.#leave = this.#line.prepare('ROLLBACK');
  }

  /**
   * Begins a transaction that may write.
   *
   * @throws PawlError `LEDGER_BUSY`; or an error of SQLite
   */
  begin(): void {
    this.#giveWay();
    if (tryTo(this.#begin)) return;
    this.inLine(this.#waitMs, () => tryTo(this.#begin));
  }

  /**
   * Tries until it works, first in line as soon as nobody else is.
   *
   * @throws PawlError `LEDGER_BUSY` when it has not worked for `waitMs`; or what `attempt` throws
   */
  inLine(waitMs: number, attempt: () => boolean): void {
    const until = performance.now() + waitMs;
    let isFirst = false;
    try {
      for (let attempts = 1; !attempt(); attempts += 1) {
        if (performance.now() >= until) throw this.#busy(waitMs);
        isFirst ||= this.#enterLine();
        const place = isFirst ? 'first' : 'others';
        this.#pause(Math.min(attempts * stepMs[place], pauseMsMax[place]));
      }
    } finally {
      if (isFirst) this.#leave.run();
    }
  }

  /** Changes whenever another connection, in any process, has committed. */
  version(): number {
    return (this.#version.get() as unknown as readonly [number])[0];
  }

  close(): void {
    this.#line.close();
  }

  #giveWay(): void {
    const now = performance.now();
    if (now < this.#lookAgainMs) return;
    this.#lookAgainMs = now + lookEveryMs;
    if (this.#isLineFree()) return;
    const version = this.version();
    while (!this.#isLineFree() && this.version() === version) {
      if (performance.now() - now > giveWayMs) {
        this.#lookAgainMs = now + inVainMs;
        return;
      }
      this.#pause(stepMs.first);
    }
  }

  #enterLine(): boolean {
    // No journal shall appear beside the lock. While somebody has the ledger alone, even that cannot be said.
    this.#isQuiet ||= isFree(() => this.#line.exec('PRAGMA journal_mode = MEMORY'));
    return this.#isQuiet && tryTo(this.#enter);
  }

  #isLineFree(): boolean {
    if (!this.#enterLine()) return false;
    this.#leave.run();
    return true;
  }

  #pause(ms: number): void {
    Atomics.wait(this.#asleep, 0, 0, ms);
  }

  #busy(waitMs: number): PawlError {
    return new PawlError(
      'LEDGER_BUSY',
      `${this.#address} could not be written for ${waitMs} ms, because another program holds it (a sqlite3 shell in a transaction, or a stopped process?). Nothing was written; try again.`,
      { context: { address: this.#address } },
    );
  }
}

function tryTo(statement: StatementSync): boolean {
  return isFree(() => statement.run());
}

/** False when somebody else has the lock that it takes. */
function isFree(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    const code = sqliteCodeOf(error);
    if (code === sqliteCode.busy || code === sqliteCode.locked) return false;
    throw error;
  }
}

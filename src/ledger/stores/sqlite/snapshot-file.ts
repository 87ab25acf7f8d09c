import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { sha256Bytes } from '../../../kernel/digest.ts';
import { messageOf } from '../../../kernel/pawl-error.ts';
import type { Piece, Snapshot, SnapshotHead, SnapshotStore } from '../../snapshots/snapshot-store.ts';
import { superfluous } from '../../snapshots/superfluous.ts';
import { sqliteCode, sqliteCodeOf } from './sqlite-errors.ts';

/** "Pawl" in ASCII, with the last letter of "snapshots". */
const applicationId = 0x50617773;
const formatVersion = 1;

/** Pieces are kept once, however many snapshots they belong to: most of a history does not change any more. */
const schemaSql = `
CREATE TABLE pieces (piece INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL) STRICT;
CREATE TABLE snapshots (
  snapshot INTEGER PRIMARY KEY,
  projection TEXT NOT NULL, version INTEGER NOT NULL, size INTEGER NOT NULL,
  leaf TEXT NOT NULL, root TEXT NOT NULL, hash TEXT NOT NULL, seal TEXT NOT NULL,
  UNIQUE (projection, version, size)
) STRICT;
CREATE TABLE cuts (
  snapshot INTEGER NOT NULL REFERENCES snapshots ON DELETE CASCADE,
  ordinal INTEGER NOT NULL, member TEXT, keys TEXT, piece INTEGER NOT NULL,
  PRIMARY KEY (snapshot, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX cuts_by_piece ON cuts (piece);
PRAGMA application_id = ${applicationId};
PRAGMA user_version = ${formatVersion};
`;

const busyMs = 500;

/** The side file of a ledger file. Nothing is made before there is something to write. */
export function openSnapshotFile(ledgerPath: string): SnapshotStore {
  return new SnapshotFile(snapshotPath(ledgerPath), ledgerPath);
}

export function snapshotPath(ledgerPath: string): string {
  return `${ledgerPath}-snapshots`;
}

class SnapshotFile implements SnapshotStore {
  readonly #path: string;
  readonly #ledgerPath: string;
  #db: DatabaseSync | undefined;

  constructor(path: string, ledgerPath: string) {
    this.#path = path;
    this.#ledgerPath = ledgerPath;
  }

  heads(of?: { readonly projection: string; readonly version: number }): readonly SnapshotHead[] {
    return this.#try((db) => {
      const columns = 'projection, version, size, leaf, root, hash, seal';
      const where = of === undefined ? '' : 'WHERE projection = ? AND version = ?';
      const query = db.prepare(`SELECT ${columns} FROM snapshots ${where} ORDER BY size DESC, projection`);
      const rows = of === undefined ? query.all() : query.all(of.projection, of.version);
      return rows as unknown as SnapshotHead[];
    }, []);
  }

  load(head: SnapshotHead): Snapshot | null {
    return this.#try((db) => {
      const rows = db
        .prepare(
          `SELECT member, keys, bytes FROM snapshots JOIN cuts USING (snapshot) JOIN pieces USING (piece)
           WHERE projection = ? AND version = ? AND size = ? AND seal = ? ORDER BY ordinal`,
        )
        .all(head.projection, head.version, head.size, head.seal) as unknown as PieceRow[];
      return rows.length === 0 ? null : { ...head, pieces: rows.map(toPiece) };
    }, null);
  }

  write(snapshot: Snapshot): void {
    try {
      if (this.#open() === undefined) this.#create();
    } catch {
      return;
    }
    this.#try((db) => inTransaction(db, () => writeSnapshot(db, snapshot)), undefined);
  }

  remove(head: SnapshotHead): void {
    this.#try((db) => inTransaction(db, () => removeSnapshot(db, head)), undefined);
  }

  damage(): string | null {
    if (statSync(this.#path, { throwIfNoEntry: false }) === undefined) return null;
    try {
      const result = this.#open()?.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'];
      if (result === 'ok') return null;
      return result === undefined ? 'it is not a file of snapshots' : String(result);
    } catch (error) {
      return isBusy(error) ? null : messageOf(error);
    }
  }

  close(): void {
    this.#db?.close();
    this.#db = undefined;
  }

  #try<Result>(work: (db: DatabaseSync) => Result, otherwise: Result): Result {
    try {
      const db = this.#open();
      return db === undefined ? otherwise : work(db);
    } catch {
      return otherwise;
    }
  }

  /** Undefined where there is no such file, or another program's, or that of another version; throws while it is held. */
  #open(): DatabaseSync | undefined {
    if (this.#db !== undefined) return this.#db;
    if (statSync(this.#path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
    for (const readOnly of [false, true]) {
      let db: DatabaseSync | undefined;
      try {
        db = new DatabaseSync(this.#path, { timeout: busyMs, readOnly });
        if (pragma(db, 'application_id') !== applicationId || pragma(db, 'user_version') !== formatVersion) {
          db.close();
          return undefined;
        }
        if (!readOnly) db.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
        this.#db = db;
        return db;
      } catch (error) {
        db?.close();
        if (isBusy(error)) throw error;
      }
    }
    return undefined;
  }

  /** Whatever lay there cannot be used. Nobody may read the new file who may not read the ledger. */
  #create(): void {
    for (const suffix of ['', '-journal']) rmSync(this.#path + suffix, { force: true });
    closeSync(openSync(this.#path, 'wx', statSync(this.#ledgerPath).mode & 0o666));
    const db = new DatabaseSync(this.#path, { timeout: busyMs });
    try {
      db.exec(`BEGIN IMMEDIATE; ${schemaSql} COMMIT; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON`);
    } catch (error) {
      db.close();
      throw error;
    }
    this.#db = db;
  }
}

type PieceRow = { readonly member: string | null; readonly keys: string | null; readonly bytes: Uint8Array };

function toPiece({ member, keys, bytes }: PieceRow): Piece {
  return { member, keys: keys === null ? null : JSON.parse(keys), bytes };
}

function writeSnapshot(db: DatabaseSync, snapshot: Snapshot): void {
  const { projection, version, size, leaf, root, hash, seal, pieces } = snapshot;
  removeSnapshot(db, snapshot);
  const inserted = db
    .prepare(
      'INSERT INTO snapshots (projection, version, size, leaf, root, hash, seal) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(projection, version, size, leaf, root, hash, seal).lastInsertRowid;
  const find = db.prepare('SELECT piece FROM pieces WHERE digest = ?');
  const keep = db.prepare('INSERT INTO pieces (digest, bytes) VALUES (?, ?)');
  const cut = db.prepare('INSERT INTO cuts VALUES (?, ?, ?, ?, ?)');
  for (const [ordinal, { member, keys, bytes }] of pieces.entries()) {
    const digest = sha256Bytes(bytes);
    const known = find.get(digest)?.['piece'] as number | undefined;
    const piece = known ?? keep.run(digest, bytes).lastInsertRowid;
    cut.run(inserted, ordinal, member, keys === null ? null : JSON.stringify(keys), piece);
  }
  // Another version of the projection asks for none of these any more.
  db.prepare('DELETE FROM snapshots WHERE projection = ? AND version <> ?').run(projection, version);
  const sizes = db.prepare('SELECT size FROM snapshots WHERE projection = ?').all(projection);
  for (const old of superfluous(sizes.map((row) => Number(row['size'])))) {
    db.prepare('DELETE FROM snapshots WHERE projection = ? AND size = ?').run(projection, old);
  }
  dropUnusedPieces(db);
}

function removeSnapshot(db: DatabaseSync, { projection, version, size }: SnapshotHead): void {
  db.prepare('DELETE FROM snapshots WHERE projection = ? AND version = ? AND size = ?').run(
    projection,
    version,
    size,
  );
  dropUnusedPieces(db);
}

function dropUnusedPieces(db: DatabaseSync): void {
  db.exec('DELETE FROM pieces WHERE NOT EXISTS (SELECT 1 FROM cuts WHERE cuts.piece = pieces.piece)');
}

function inTransaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    work();
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  const code = sqliteCodeOf(error);
  return code === sqliteCode.busy || code === sqliteCode.locked;
}

function pragma(db: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

import { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../../../kernel/pawl-error.ts';
import type { ProblemList } from '../../verify/problem.ts';
import { schemaSql } from './schema.ts';

const complaintsMax = 20;

/**
 * SQLite's own look at the file: every page in its place, every row in every index and no entry more, every value of its column's
 * type. The indexes are what records are found by, so one that disagrees hides or moves them.
 */
export function checkIntegrity(db: DatabaseSync, problems: ProblemList): void {
  try {
    const rows = db.prepare(`PRAGMA integrity_check(${complaintsMax})`).all();
    for (const { integrity_check: complaint } of rows) {
      if (complaint === 'ok') continue;
      problems.at(
        null,
        'INDEX_MISMATCH',
        `The file does not hold together: ${String(complaint).replaceAll('\n', ' ')}.`,
      );
    }
  } catch (error) {
    problems.at(null, 'UNREADABLE', `The file cannot be checked: ${messageOf(error)}.`);
  }
}

/** What no row of a record shows: the schema is ours and nothing is beside it, and no row is left over. */
export function checkSchema(db: DatabaseSync, problems: ProblemList): void {
  try {
    const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
    const expected = expectedSchema(version);
    const found = schemaOf(db);
    for (const [name, sql] of found) {
      if (expected.get(name) === sql) continue;
      problems.at(null, 'SCHEMA_MISMATCH', `${name} of the file is not as Pawl makes it.`);
    }
    for (const name of expected.keys()) {
      if (!found.has(name)) problems.at(null, 'SCHEMA_MISMATCH', `The file has no ${name}.`);
    }
    checkLeftOvers(db, version, problems);
  } catch (error) {
    problems.at(null, 'UNREADABLE', `The schema cannot be read: ${messageOf(error)}.`);
  }
}

/** `table records` to its normalized SQL. */
function schemaOf(db: DatabaseSync): ReadonlyMap<string, string> {
  // What ANALYZE leaves behind is SQLite's own, and says nothing of the history.
  const rows = db
    .prepare(
      "SELECT type, name, tbl_name AS owner, sql FROM sqlite_schema WHERE name NOT GLOB 'sqlite_stat[1-4]'",
    )
    .all();
  return new Map(
    rows.map(({ type, name, owner, sql }) => [`${type} ${name}`, `${owner}: ${normalized(String(sql))}`]),
  );
}

/** SQLite keeps the text of a statement, and puts its own spaces where it adds a column to one. */
function normalized(sql: string): string {
  return sql.replaceAll(/\s+/g, ' ').replaceAll(/ ?([(),]) ?/g, '$1');
}

const expectedSchemas = new Map<number, ReadonlyMap<string, string>>();

function expectedSchema(version: number): ReadonlyMap<string, string> {
  const known = expectedSchemas.get(version) ?? makeSchema(version);
  expectedSchemas.set(version, known);
  return known;
}

function makeSchema(version: number): ReadonlyMap<string, string> {
  const db = new DatabaseSync(':memory:');
  try {
    db.exec(schemaSql);
    // Format 1 knew of no erased blobs, and a reader leaves such a file as it is.
    if (version === 1) db.exec('DROP TABLE erased; ALTER TABLE head DROP COLUMN residue');
    return schemaOf(db);
  } finally {
    db.close();
  }
}

/** In one snapshot, because a writer may be at work: records that the head does not cover, streams and marks without a reason. */
function checkLeftOvers(db: DatabaseSync, version: number, problems: ProblemList): void {
  const get = (sql: string): Record<string, unknown> | undefined => db.prepare(sql).get();
  db.exec('BEGIN');
  try {
    const ends = get('SELECT min(position) AS first, max(position) AS last FROM records');
    const size = Number(get('SELECT size FROM head')?.['size']);
    const first = Number(ends?.['first'] ?? 0);
    const last = Number(ends?.['last'] ?? -1);
    if (first < 0) problems.at(first, 'POSITION_GAP', `A record is numbered ${first}.`);
    if (last >= size) {
      const message = `Records follow the ${size} that the tree head covers, up to ${last}.`;
      problems.at(size, 'HEAD_MISMATCH', message);
    }
    const empty = get(
      'SELECT name FROM streams WHERE NOT EXISTS (SELECT 1 FROM records WHERE records.stream = streams.stream)',
    );
    if (empty !== undefined) {
      problems.at(null, 'REVISION_GAP', `The stream "${empty['name']}" has a name and no record.`);
    }
    if (version === 1) return;
    const mark = get(
      'SELECT hex(digest) AS digest FROM erased WHERE NOT EXISTS (SELECT 1 FROM blobs WHERE blobs.digest = erased.digest)',
    );
    if (mark === undefined) return;
    const message = `Blob ${String(mark['digest']).toLowerCase()} is marked as erased and was never stored.`;
    problems.at(null, 'ERASURE_UNEXPLAINED', message);
  } finally {
    db.exec('ROLLBACK');
  }
}

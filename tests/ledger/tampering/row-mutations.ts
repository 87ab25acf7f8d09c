import { DatabaseSync } from 'node:sqlite';
import type { Random } from '../../../src/kernel/random.ts';
import { TreeFrontier } from '../../../src/ledger/audit/tree-frontier.ts';
import { leafHash } from '../../../src/ledger/audit/tree-hash.ts';
import type { Done, Mutation } from './mutation.ts';

type Rows = (db: DatabaseSync, random: Random, size: number) => Done;

/** Changes made with a SQLite shell by somebody who does not care for hashes. */
function rows(name: string, change: Rows, needs: Mutation['needs'] = 'nothing'): Mutation {
  const apply: Mutation['apply'] = (path, random) => {
    const db = new DatabaseSync(path);
    try {
      db.function('leaf', (bytes) => leafHash(bytes as Uint8Array));
      return change(db, random, sizeOf(db));
    } finally {
      db.close();
    }
  };
  return { name, needs, apply };
}

function sizeOf(db: DatabaseSync): number {
  return Number(db.prepare('SELECT size FROM head').get()?.['size']);
}

function flipped(bytes: Uint8Array, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  const at = random.int(0, copy.length - 1);
  copy[at] = (copy[at] as number) ^ (1 << random.int(0, 7));
  return copy;
}

function column(db: DatabaseSync, query: string, ...args: readonly number[]): Uint8Array {
  return Object.values(db.prepare(query).get(...args) ?? {})[0] as Uint8Array;
}

/** The tree over whatever leaves are there, put into the head: what somebody does who knows a little. */
function rewriteHead(db: DatabaseSync): void {
  const tree = new TreeFrontier();
  for (const { leaf } of db.prepare('SELECT leaf FROM records ORDER BY position').iterate()) {
    tree.append(leaf as Uint8Array);
  }
  const { size, roots } = tree.state();
  db.prepare('UPDATE head SET size = ?, roots = ?').run(size, roots);
}

function anyStream(db: DatabaseSync, random: Random): { readonly stream: number; readonly first: number } {
  const streams = db.prepare('SELECT stream, min(position) AS first FROM records GROUP BY stream').all();
  return random.pick(streams) as { stream: number; first: number };
}

function anyBlob(db: DatabaseSync, random: Random, where = 'length(bytes) > 0'): number {
  const blobs = db
    .prepare(`SELECT blob FROM blobs WHERE digest NOT IN (SELECT digest FROM erased) AND ${where}`)
    .all();
  return Number(random.pick(blobs)['blob']);
}

export const rowMutations: readonly Mutation[] = [
  rows('flip a bit of a record', (db, random, size) => {
    const first = random.int(0, size - 1);
    const bytes = flipped(column(db, 'SELECT bytes FROM records WHERE position = ?', first), random);
    db.prepare('UPDATE records SET bytes = ? WHERE position = ?').run(bytes, first);
    return { what: `record ${first}`, first };
  }),
  rows('flip a bit of a record, and make its leaf anew', (db, random, size) => {
    const first = random.int(0, size - 1);
    const bytes = flipped(column(db, 'SELECT bytes FROM records WHERE position = ?', first), random);
    db.prepare('UPDATE records SET bytes = ?1, leaf = leaf(?1) WHERE position = ?2').run(bytes, first);
    return { what: `record and leaf ${first}` };
  }),
  rows('flip a bit of a leaf', (db, random, size) => {
    const first = random.int(0, size - 1);
    const leaf = flipped(column(db, 'SELECT leaf FROM records WHERE position = ?', first), random);
    db.prepare('UPDATE records SET leaf = ? WHERE position = ?').run(leaf, first);
    return { what: `leaf ${first}`, first };
  }),
  rows('change a character of an id', (db, random, size) => {
    const first = random.int(0, size - 1);
    const at = random.int(1, 26);
    // No id holds a U, so that none is taken.
    const replace = `substr(id, 1, ${at - 1}) || 'U' || substr(id, ${at + 1})`;
    db.exec(`UPDATE records SET id = ${replace} WHERE position = ${first}`);
    return { what: `character ${at} of the id of ${first}`, first };
  }),
  rows('rename a stream', (db, random) => {
    const { stream, first } = anyStream(db, random);
    db.prepare("UPDATE streams SET name = name || 'x' WHERE stream = ?").run(stream);
    return { what: `stream ${stream}`, first };
  }),
  rows('change a revision', (db, random, size) => {
    const first = random.int(0, size - 1);
    db.exec(`UPDATE records SET revision = revision + ${random.int(1000, 5000)} WHERE position = ${first}`);
    return { what: `revision of ${first}`, first };
  }),
  rows('move a record into another stream', (db, random, size) => {
    const first = random.int(0, size - 1);
    db.exec(
      `UPDATE records SET stream = (SELECT stream FROM streams WHERE stream <> records.stream ORDER BY stream LIMIT 1),
       revision = revision + 5000 WHERE position = ${first}`,
    );
    return { what: `stream of ${first}`, first };
  }),
  rows('flip a bit of the head', (db, random) => {
    db.prepare('UPDATE head SET roots = ?').run(flipped(column(db, 'SELECT roots FROM head'), random));
    return { what: 'roots' };
  }),
  rows('change the size in the head', (db, random, size) => {
    db.exec(`UPDATE head SET size = ${random.pick([0, size - 1, size + 1, size + 2, size * 2])}`);
    return { what: 'size' };
  }),
  rows('delete a record', (db, random, size) => {
    const first = random.int(0, size - 1);
    db.exec(`DELETE FROM records WHERE position = ${first}`);
    return { what: `record ${first}`, first };
  }),
  rows('delete a record, and make the head anew', (db, random, size) => {
    const first = random.int(0, size - 2);
    db.exec(`DELETE FROM records WHERE position = ${first}`);
    rewriteHead(db);
    return { what: `record ${first}` };
  }),
  rows('swap two records', (db, random, size) => {
    const left = random.int(0, size - 2);
    const right = random.int(left + 1, size - 1);
    db.exec(`
      UPDATE records SET position = -1 WHERE position = ${left};
      UPDATE records SET position = ${left} WHERE position = ${right};
      UPDATE records SET position = ${right} WHERE position = -1;
    `);
    return { what: `${left} and ${right}` };
  }),
  rows('cut a record short', (db, random, size) => {
    const first = random.int(0, size - 1);
    db.exec(`UPDATE records SET bytes = substr(bytes, 1, length(bytes) / 2) WHERE position = ${first}`);
    return { what: `record ${first}`, first };
  }),
  rows('insert a copy of a record behind the last', (db, random, size) => {
    const source = random.int(0, size - 1);
    const id = `01J8XK3QZV${String(random.int(0, 999_999)).padStart(16, '0')}`;
    db.exec(
      `INSERT INTO records SELECT ${size}, stream, 9999, '${id}', leaf, bytes FROM records WHERE position = ${source}`,
    );
    return { what: `a copy of ${source}`, first: size };
  }),
  rows('insert a copy of a record behind the last, and make the head anew', (db, random, size) => {
    const source = random.int(0, size - 1);
    const id = `01J8XK3QZV${String(random.int(0, 999_999)).padStart(16, '0')}`;
    db.exec(
      `INSERT INTO records SELECT ${size}, stream, 9999, '${id}', leaf, bytes FROM records WHERE position = ${source}`,
    );
    rewriteHead(db);
    return { what: `a copy of ${source}`, first: size };
  }),
  rows('cut off the tail', (db, random, size) => {
    const first = random.int(1, size - 1);
    db.exec(`DELETE FROM records WHERE position >= ${first}`);
    return { what: `from ${first} on`, first };
  }),
  rows('remove a whole stream', (db, random) => {
    const { stream, first } = anyStream(db, random);
    db.exec(`DELETE FROM records WHERE stream = ${stream}; DELETE FROM streams WHERE stream = ${stream}`);
    return { what: `stream ${stream}`, first };
  }),
  rows('add a stream without records', (db) => {
    db.exec("INSERT INTO streams (name) VALUES ('run-nobody')");
    return { what: 'run-nobody' };
  }),
  rows('flip a bit of a blob', (db, random) => {
    const blob = anyBlob(db, random, "encoding = 'raw' AND length(bytes) > 0");
    const bytes = flipped(column(db, 'SELECT bytes FROM blobs WHERE blob = ?', blob), random);
    db.prepare('UPDATE blobs SET bytes = ? WHERE blob = ?').run(bytes, blob);
    return { what: `blob ${blob}` };
  }),
  rows('flip a bit of the digest of a blob', (db, random) => {
    const blob = anyBlob(db, random);
    const digest = flipped(column(db, 'SELECT digest FROM blobs WHERE blob = ?', blob), random);
    db.prepare('UPDATE blobs SET digest = ? WHERE blob = ?').run(digest, blob);
    return { what: `digest of blob ${blob}` };
  }),
  rows('change the size of a blob', (db, random) => {
    const blob = anyBlob(db, random);
    db.exec(`UPDATE blobs SET size = size + 1 WHERE blob = ${blob}`);
    return { what: `size of blob ${blob}` };
  }),
  rows('swap two blobs', (db, random) => {
    const left = anyBlob(db, random);
    const right = anyBlob(
      db,
      random,
      `bytes <> (SELECT bytes FROM blobs WHERE blob = ${left}) AND length(bytes) > 0`,
    );
    db.exec(`
      UPDATE blobs SET bytes = l.bytes, size = l.size, encoding = l.encoding FROM
        (SELECT blob, bytes, size, encoding FROM blobs WHERE blob IN (${left}, ${right})) AS l
        WHERE blobs.blob IN (${left}, ${right}) AND l.blob <> blobs.blob;
    `);
    return { what: `blobs ${left} and ${right}` };
  }),
  rows('remove a blob that a record refers to', (db, random) => {
    const referred = db
      .prepare(
        'SELECT lower(hex(digest)) AS digest FROM blobs WHERE digest NOT IN (SELECT digest FROM erased)',
      )
      .all()
      .map(({ digest }) => String(digest));
    const text = db.prepare('SELECT group_concat(CAST(bytes AS TEXT)) AS text FROM records').get()?.['text'];
    const digest = random.pick(referred.filter((each) => String(text).includes(each)));
    db.exec(`DELETE FROM blobs WHERE digest = x'${digest}'`);
    return { what: `blob ${digest}` };
  }),
  rows('erase a blob without an event', (db, random) => {
    const blob = anyBlob(db, random);
    db.exec(`
      INSERT INTO erased SELECT digest, size FROM blobs WHERE blob = ${blob};
      UPDATE blobs SET bytes = zeroblob(length(bytes)) WHERE blob = ${blob};
    `);
    return { what: `blob ${blob}` };
  }),
  rows('mark a blob as erased and keep its bytes', (db, random) => {
    const blob = anyBlob(db, random);
    db.exec(`INSERT INTO erased SELECT digest, size FROM blobs WHERE blob = ${blob}`);
    return { what: `blob ${blob}` };
  }),
  rows('take the mark off an erased blob', (db) => {
    db.exec('DELETE FROM erased');
    return { what: 'the erased blob' };
  }),
  rows('add a table, a trigger or a view', (db, random) => {
    const sql = random.pick([
      'CREATE TABLE more (x)',
      'CREATE VIEW events2 AS SELECT * FROM events',
      'CREATE TRIGGER t AFTER INSERT ON records BEGIN DELETE FROM blobs; END',
      'DROP VIEW events; CREATE VIEW events AS SELECT 1',
      'CREATE INDEX another ON records (leaf)',
      'DROP INDEX records_by_id',
    ]);
    db.exec(sql);
    return { what: sql };
  }),
];

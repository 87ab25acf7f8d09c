import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { leafHash } from '../../src/ledger/audit/tree-hash.ts';
import type { EventStore } from '../../src/ledger/event-store.ts';
import { openMemoryStore } from '../../src/ledger/stores/memory.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import type { VerifyReport } from '../../src/ledger/verify/verify-report.ts';
import { verifyLedger } from '../../src/ledger/verify-ledger.ts';
import { eventDraft, executionDraft, realRecords } from './event-factory.ts';
import { blob, record, request, stream } from './record-factory.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const contents = ['result one', 'a much longer result '.repeat(50), ''].map(blob);

/** 60 real events in three streams, three of them with blobs. */
async function fill(store: EventStore): Promise<void> {
  for (let index = 0; index < 60; index += 1) {
    const name = stream(`${index % 3}`);
    const revision = Math.floor(index / 3);
    const content = contents[index];
    const draft =
      content === undefined
        ? eventDraft(index)
        : executionDraft(index, { digest: content.digest, bytes: content.bytes.length });
    const records = realRecords(name, revision, [draft]);
    const blobs = content === undefined ? [] : [content];
    await store.append({ stream: name, expectedRevision: revision - 1, records, blobs });
  }
}

async function codesOf(path: string, deep = false): Promise<string[]> {
  const store = await openSqliteStore({ path, mode: 'read' });
  const report = await verifyLedger(store, { deep });
  await store.close();
  expect(report.ok).toBe(report.problems.length === 0);
  return report.problems.map(({ code, position }) => `${code} ${position}`);
}

describe('an untouched ledger verifies', () => {
  test('in memory and on disk, with the same report', async () => {
    const path = join(temporaryDirectory(), 'ledger.db');
    const reports: VerifyReport[] = [];
    for (const store of [openMemoryStore(), await openSqliteStore({ path, mode: 'write' })]) {
      await fill(store);
      reports.push(await verifyLedger(store, { deep: true }));
      await store.close();
    }
    expect(reports[0]).toMatchObject({
      ok: true,
      records: 60,
      streams: 3,
      blobs: 3,
      problems: [],
      problemCount: 0,
    });
    const hex = (report?: VerifyReport) => Buffer.from(report?.head.roots ?? []).toString('hex');
    expect(hex(reports[0])).toBe(hex(reports[1]));
    expect({ ...reports[0], head: null }).toEqual({ ...reports[1], head: null });
  });

  test('when it is empty', async () => {
    const report = await verifyLedger(openMemoryStore());
    expect(report).toMatchObject({ ok: true, records: 0, streams: 0, blobs: 0 });
  });
});

describe('what was altered is found and named', () => {
  let whole: string;
  const directory = { path: '' };
  beforeAll(async () => {
    const { mkdtempSync, mkdirSync } = await import('node:fs');
    mkdirSync('.pawl/tests', { recursive: true });
    directory.path = mkdtempSync(join('.pawl/tests', 'verify-'));
    whole = join(directory.path, 'whole.db');
    const store = await openSqliteStore({ path: whole, mode: 'write' });
    await fill(store);
    await store.close();
    return async () => (await import('node:fs')).rmSync(directory.path, { recursive: true, force: true });
  });

  const altered = (change: (db: DatabaseSync) => void): string => {
    const path = join(temporaryDirectory(), 'ledger.db');
    copyFileSync(whole, path);
    const db = new DatabaseSync(path);
    db.function('leaf', (bytes) => leafHash(bytes as Uint8Array));
    change(db);
    db.close();
    return path;
  };
  const bytesAt = (db: DatabaseSync, position: number): Buffer =>
    Buffer.from(
      db.prepare('SELECT bytes FROM records WHERE position = ?').get(position)?.['bytes'] as Uint8Array,
    );

  test('any flipped byte of any record', async () => {
    const random = seededRandom('flip');
    for (let round = 0; round < 40; round += 1) {
      // The ends are looked at when opening; this is about what only verifying finds.
      const position = random.int(1, 58);
      const path = altered((db) => {
        const bytes = bytesAt(db, position);
        const at = random.int(0, bytes.length - 1);
        bytes[at] = (bytes[at] as number) ^ (1 << random.int(0, 7));
        db.prepare('UPDATE records SET bytes = ? WHERE position = ?').run(bytes, position);
      });
      const codes = await codesOf(path);
      expect(codes[0]).toBe(`LEAF_MISMATCH ${position}`);
      expect(codes).toContain('TREE_MISMATCH null');
    }
  });

  test('a record that was rewritten together with its leaf', async () => {
    const path = altered((db) => {
      const text = bytesAt(db, 20).toString().replace('"value":', '"value":1');
      const bytes = Buffer.from(text);
      db.prepare('UPDATE records SET bytes = ?1, leaf = leaf(?1) WHERE position = 20').run(bytes);
    });
    expect(await codesOf(path)).toEqual(['TREE_MISMATCH null']);
  });

  test('records that changed places', async () => {
    const path = altered((db) =>
      db.exec(`
        UPDATE records SET position = -1 WHERE position = 10;
        UPDATE records SET position = 10 WHERE position = 13;
        UPDATE records SET position = 13 WHERE position = -1;
      `),
    );
    expect(await codesOf(path)).toEqual([
      'REVISION_GAP 10',
      'REVISION_GAP 13',
      'REVISION_GAP 16',
      'TREE_MISMATCH null',
    ]);
  });

  test('a record that was taken out', async () => {
    const path = altered((db) => db.exec('DELETE FROM records WHERE position = 30'));
    const codes = await codesOf(path);
    expect(codes[0]).toBe('POSITION_GAP 30');
    expect(codes).toContain('REVISION_GAP 33');
    expect(codes).toContain('TREE_MISMATCH null');
  });

  const columns: readonly (readonly [string, readonly string[]])[] = [
    ["UPDATE records SET id = '01J8XK3QZV9999999999999999' WHERE position = 7", ['ENVELOPE_MISMATCH 7']],
    ['UPDATE records SET leaf = zeroblob(32) WHERE position = 7', ['LEAF_MISMATCH 7']],
    ['UPDATE records SET revision = 99 WHERE position = 58', ['REVISION_GAP 58', 'ENVELOPE_MISMATCH 58']],
    ['UPDATE head SET roots = zeroblob(length(roots))', ['TREE_MISMATCH null']],
  ];
  for (const [statement, codes] of columns) {
    test(statement, async () => expect(await codesOf(altered((db) => db.exec(statement)))).toEqual(codes));
  }

  test('a stream that was renamed', async () => {
    const path = altered((db) => db.exec("UPDATE streams SET name = 'test-9' WHERE name = 'test-2'"));
    expect((await codesOf(path)).filter((code) => code.startsWith('ENVELOPE_MISMATCH'))).toHaveLength(20);
  });

  test('a blob that is missing, cut off, or holds something else', async () => {
    const digest = (at: number): string => `x'${contents[at]?.digest}'`;
    const missing = altered((db) => db.exec(`DELETE FROM blobs WHERE digest = ${digest(0)}`));
    expect(await codesOf(missing)).toEqual(['BLOB_MISSING 0']);
    const cutOff = altered((db) =>
      db.exec(`UPDATE blobs SET bytes = substr(bytes, 1, 20) WHERE digest = ${digest(1)}`),
    );
    expect(await codesOf(cutOff)).toEqual(['BLOB_DAMAGED 1']);
    const other = altered((db) =>
      db.exec(`UPDATE blobs SET bytes = x'00', size = 1 WHERE digest = ${digest(2)}`),
    );
    expect(await codesOf(other)).toEqual(['BLOB_DAMAGED 2']);
  });

  test('pages of the file that were overwritten', async () => {
    const random = seededRandom('pages');
    const bytes = readFileSync(whole);
    let found = 0;
    for (let round = 0; round < 25; round += 1) {
      const damaged = Buffer.from(bytes);
      const page = random.int(1, bytes.length / 4096 - 1);
      damaged.fill(random.int(0, 255), page * 4096, (page + 1) * 4096);
      const path = join(temporaryDirectory(), 'ledger.db');
      writeFileSync(path, damaged);
      const codes = await codesOf(path).catch((error) => [error.code]);
      if (codes.length > 0) found += 1;
    }
    expect(found).toBe(25);
  });
});

describe('what was never right is found too', () => {
  test('bytes that are no event, an unknown type, and a schema that does not match', async () => {
    const store = openMemoryStore();
    await store.append(
      request('a', -1, [record(1), record(2, '{"type":"NeverHeardOf"}'), record(3, 'null')]),
    );
    const name = stream('b');
    const good = realRecords(name, 0, [eventDraft(4)])[0];
    const wrong = good?.bytes.toString().replace('"scorerVersion":1', '"scorerVersion":-1') ?? '';
    await store.append({ stream: name, expectedRevision: -1, records: [record(4, wrong)], blobs: [] });
    const { problems } = await verifyLedger(store);
    expect(problems.map(({ code, position }) => `${code} ${position}`)).toEqual([
      'RECORD_INVALID 0',
      'RECORD_INVALID 1',
      'RECORD_INVALID 2',
      'RECORD_INVALID 3',
    ]);
  });

  test('an event that is not in canonical form, when asked to look that deep', async () => {
    const store = openMemoryStore();
    const name = stream('a');
    const [good] = realRecords(name, 0, [eventDraft(1)]);
    const spaced = Buffer.from(good?.bytes ?? [])
      .toString()
      .replace('{', '{ ');
    await store.append({ stream: name, expectedRevision: -1, records: [record(1, spaced)], blobs: [] });
    expect((await verifyLedger(store)).ok).toBe(true);
    expect((await verifyLedger(store, { deep: true })).problems.map(({ code }) => code)).toEqual([
      'NOT_CANONICAL',
    ]);
  });

  test('and more than can be listed is still counted', async () => {
    const store = openMemoryStore();
    await store.append(
      request(
        'a',
        -1,
        Array.from({ length: 30 }, (_, index) => record(index)),
      ),
    );
    const report = await verifyLedger(store, { problemsMax: 10 });
    expect([report.problems.length, report.problemCount]).toEqual([10, 30]);
  });
});

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { Digest } from '../../../src/kernel/brand.ts';
import type { EventStore } from '../../../src/ledger/event-store.ts';
import { openMemoryStore } from '../../../src/ledger/stores/memory.ts';
import { openSqliteStore } from '../../../src/ledger/stores/sqlite/sqlite-store.ts';
import { blob } from '../record-factory.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { appendExecution, contentOf, copyOf, fillOriginal } from './original.ts';

/** A ledger file that somebody altered, as far as it can then still be opened. */
async function altered(sql: string, ...values: (string | number | Uint8Array)[]): Promise<EventStore> {
  const path = join(temporaryDirectory(), 'altered.db');
  const store = await openSqliteStore({ path, mode: 'write' });
  await fillOriginal(store);
  await store.close();
  const db = new DatabaseSync(path);
  expect(db.prepare(sql).run(...values).changes).toBe(1);
  db.close();
  return openSqliteStore({ path, mode: 'read' });
}

async function refuses(source: EventStore, position: number, message: RegExp): Promise<void> {
  const target = openMemoryStore();
  await expect(copyOf(source, target)).rejects.toMatchObject({
    code: 'LEDGER_CORRUPT',
    message: expect.stringMatching(message),
  });
  const { records } = await contentOf(target);
  expect(records.length).toBeLessThanOrEqual(position);
  expect(records).toEqual((await contentOf(source)).records.slice(0, records.length));
  await source.close();
}

describe('a damaged original is named, and nothing false is written', () => {
  test('a record with other bytes than its leaf says', async () => {
    const sql =
      "UPDATE records SET bytes = CAST(replace(CAST(bytes AS TEXT), 'tester', 'forger') AS BLOB) WHERE position = 100";
    await refuses(await altered(sql), 100, /^Record 100 of sqlite:.* does not hash to its leaf\./);
  });

  test('a record that is gone', async () => {
    await refuses(
      await altered('DELETE FROM records WHERE position = 100'),
      100,
      /^Record 100 of .* is missing/,
    );
  });

  test('a record that lies at another place than it says', async () => {
    const sql = "UPDATE records SET id = '01J8XK3QZV9999999999999999' WHERE position = 100";
    await refuses(await altered(sql), 100, /^Record 100 of .* lies at .*, and says otherwise/);
  });

  test('a tree head that is not of these records', async () => {
    const source = await altered('UPDATE head SET roots = zeroblob(length(roots))');
    await expect(copyOf(source, openMemoryStore())).rejects.toMatchObject({ code: 'INTEGRITY' });
    await source.close();
  });
});

describe('a blob that records refer to', () => {
  test('and that is not there ends the copy before the record, unless that is allowed', async () => {
    const [source, target] = [openMemoryStore(), openMemoryStore()];
    await fillOriginal(source);
    const { size } = await source.head();
    const digest = await appendExecution(source, 'lacking', 80_000, 'never stored', false);
    await appendExecution(source, 'lacking', 80_010, 'stored');
    await expect(copyOf(source, target)).rejects.toMatchObject({
      code: 'BLOB_NOT_FOUND',
      context: { digest, position: size },
    });
    expect((await target.head()).size).toBe(size);
    const report = await copyOf(source, target, { allowsMissingBlobs: true });
    expect(report).toMatchObject({ already: size, missingBlobs: 1, finished: true });
    expect(await target.blobStanding(digest)).toEqual({ kind: 'missing' });
    expect(await contentOf(target)).toEqual(await contentOf(source));
  });

  test('and whose bytes are damaged ends the copy, unless that is allowed', async () => {
    const { digest } = blob('of 7 '.repeat(1)); // any digest that is not there
    const source = await altered("UPDATE blobs SET bytes = x'00' WHERE blob = 3");
    const target = openMemoryStore();
    await expect(copyOf(source, target)).rejects.toMatchObject({ code: 'BLOB_CORRUPT' });
    const report = await copyOf(source, target, { allowsMissingBlobs: true });
    expect(report).toMatchObject({ missingBlobs: 1, finished: true });
    expect(await missingIn(target, source)).toHaveLength(1);
    expect(await target.blobStanding(digest)).toEqual({ kind: 'missing' });
    await source.close();
  });
});

async function missingIn(target: EventStore, source: EventStore): Promise<Digest[]> {
  const there = new Set(await Array.fromAsync(target.blobDigests()));
  return (await Array.fromAsync(source.blobDigests())).filter((digest) => !there.has(digest));
}

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import type { NewBlob } from '../../src/ledger/event-store.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { eventDraft, realRecords } from './event-factory.ts';
import { writeFormat1 } from './format-1.ts';
import { filesHolding } from './raw-files.ts';
import { blob, collect, record, request, stream } from './record-factory.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { verifyStore } from './verify-store.ts';

const ledgerPath = (): string => join(temporaryDirectory(), 'ledger.db');

/** Texts of every size a page treats differently, each unlike the others; the compressible ones are stored as zstd. */
function manyBlobs(count: number, label: string): NewBlob[] {
  const random = seededRandom(`secrets ${label}`);
  return Array.from({ length: count }, (_, index) => {
    const words = random.pick([3, 8, 20, 90, 400, 3000]);
    const text = Array.from({ length: words }, () => random.int(0, 2 ** 31).toString(36)).join(' ');
    return blob(`${label} ${index} ${index % 2 === 0 ? text : `${text} `.repeat(3)}`);
  });
}

const versionOf = (path: string): unknown => {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return db.prepare('PRAGMA user_version').get()?.['user_version'];
  } finally {
    db.close();
  }
};

describe('when an erasure resolves, the bytes are in no file of the ledger', () => {
  test('raw or compressed, whichever of many blobs it is, while the ledger stays open', async () => {
    const path = ledgerPath();
    const store = await openSqliteStore({ path, mode: 'write' });
    onTestFinished(() => store.close());
    const blobs = manyBlobs(120, 'open');
    for (let start = 0; start < blobs.length; start += 10)
      await store.putBlobs(blobs.slice(start, start + 10));
    const random = seededRandom('which');
    for (let round = 0; round < 25; round += 1) {
      // The first and the last blob lie where pages are split and grown.
      const at = round === 0 ? 0 : round === 1 ? blobs.length - 1 : random.int(0, blobs.length - 1);
      const secret = blobs[at] as NewBlob;
      if (round < 2) expect(filesHolding(path, secret.bytes).length).toBeGreaterThan(0);
      await store.eraseBlob(secret.digest);
      expect(filesHolding(path, secret.bytes), `blob ${at}`).toEqual([]);
      expect(statSync(`${path}-wal`).size).toBe(0);
    }
    let stored = 0;
    for await (const digest of store.blobDigests()) {
      await store.getBlob(digest);
      stored += 1;
    }
    expect(stored).toBeLessThanOrEqual(blobs.length - 20);
  });

  test('from a file of format 1 as well, whose free space still held copies', async () => {
    const path = ledgerPath();
    const blobs = manyBlobs(150, 'format 1');
    const records = realRecords(stream('a'), 0, [eventDraft(0), eventDraft(1)]);
    writeFormat1(path, { stream: 'test-a', records, blobs });
    const store = await openSqliteStore({ path, mode: 'write' });
    for (const secret of blobs.slice(0, 12)) {
      await store.eraseBlob(secret.digest);
      expect(filesHolding(path, secret.bytes)).toEqual([]);
    }
    await store.close();
    const again = await openSqliteStore({ path, mode: 'read' });
    expect(await collect(again.blobDigests())).toHaveLength(blobs.length - 12);
    expect(await verifyStore(again)).toEqual([2, []]);
    await again.close();
  });

  test('also for a reader who had the ledger open, and after everybody closed it', async () => {
    const path = ledgerPath();
    const secret = blob('the password is hunter2 and nobody may know');
    const store = await openSqliteStore({ path, mode: 'write' });
    await store.append(request('a', -1, [record(1)], [secret]));
    const reader = await openSqliteStore({ path, mode: 'read' });
    expect(await reader.getBlob(secret.digest)).toHaveLength(secret.bytes.length);
    await store.eraseBlob(secret.digest);
    await expect(reader.getBlob(secret.digest)).rejects.toMatchObject({ code: 'BLOB_ERASED' });
    await reader.close();
    await store.close();
    expect(filesHolding(path, secret.bytes)).toEqual([]);
  });
});

describe('erasing beside others', () => {
  test('says so when a reader holds the log, and the repetition finishes it', async () => {
    const path = ledgerPath();
    const secret = blob(`a secret that somebody is looking at ${'!'.repeat(50)}`);
    const store = await openSqliteStore({ path, mode: 'write', readersWaitMs: 30 });
    onTestFinished(() => store.close());
    await store.putBlobs([secret]);
    const shell = new DatabaseSync(path, { readOnly: true });
    shell.exec('BEGIN');
    shell.prepare('SELECT count(*) FROM blobs').get();
    await expect(store.eraseBlob(secret.digest)).rejects.toMatchObject({
      code: 'LEDGER_BUSY',
      message: expect.stringMatching(
        /erased .* until it ends the bytes still stand in the log .* erase the blob again/,
      ),
    });
    await expect(store.getBlob(secret.digest)).rejects.toMatchObject({ code: 'BLOB_ERASED' });
    shell.close();
    // The store goes on, and takes the same erasure again.
    await store.append(request('a', -1, [record(1)]));
    await store.eraseBlob(secret.digest);
    expect(filesHolding(path, secret.bytes)).toEqual([]);
  });

  test('is refused to whoever opened the ledger for reading', async () => {
    const path = ledgerPath();
    const secret = blob('secret');
    const store = await openSqliteStore({ path, mode: 'write' });
    await store.putBlobs([secret]);
    await store.close();
    const reader = await openSqliteStore({ path, mode: 'read' });
    await expect(reader.eraseBlob(secret.digest)).rejects.toMatchObject({ code: 'LEDGER_READ_ONLY' });
    await reader.close();
  });

  test('keeps its place between appends, and closing waits for it', async () => {
    const path = ledgerPath();
    const secret = blob('sent, erased and sent again');
    const store = await openSqliteStore({ path, mode: 'write' });
    const work = [
      store.append(request('a', -1, [record(1)], [secret])),
      store.eraseBlob(secret.digest),
      store.append(request('a', 0, [record(2)], [secret])),
    ];
    await store.close();
    await Promise.all(work);
    const reader = await openSqliteStore({ path, mode: 'read' });
    expect(await reader.blobStanding(secret.digest)).toEqual({ kind: 'erased', bytes: secret.bytes.length });
    expect(await reader.lastRevision(stream('a'))).toBe(1);
    await reader.close();
  });
});

describe('a ledger of format 1', () => {
  const content = {
    stream: 'test-a',
    records: realRecords(stream('a'), 0, [eventDraft(0), eventDraft(1), eventDraft(2)]),
    blobs: [blob('kept'), blob('a longer text, '.repeat(100))],
  };

  test('is read as it is, without a change', async () => {
    const path = ledgerPath();
    writeFormat1(path, content);
    const store = await openSqliteStore({ path, mode: 'read' });
    expect(await verifyStore(store)).toEqual([3, []]);
    expect(await store.blobStanding(blob('kept').digest)).toEqual({ kind: 'stored', bytes: 4 });
    expect(await store.blobStanding(blob('other').digest)).toEqual({ kind: 'missing' });
    await store.close();
    expect(versionOf(path)).toBe(1);
  });

  test('is upgraded when opened for writing, once, with all that is in it; readers of before go on', async () => {
    const path = ledgerPath();
    writeFormat1(path, content);
    const early = await openSqliteStore({ path, mode: 'read' });
    for (let round = 0; round < 2; round += 1) {
      const store = await openSqliteStore({ path, mode: 'write' });
      expect(await verifyStore(store)).toEqual([3 + round, []]);
      const next = realRecords(stream('a'), 3 + round, [eventDraft(3 + round)]);
      await store.append({ stream: stream('a'), expectedRevision: 2 + round, records: next, blobs: [] });
      if (round === 0) await store.eraseBlob(blob('kept').digest);
      await store.close();
      expect(versionOf(path)).toBe(2);
    }
    await expect(early.getBlob(blob('kept').digest)).rejects.toMatchObject({ code: 'BLOB_ERASED' });
    expect(await collect(early.blobDigests())).toEqual([content.blobs[1]?.digest]);
    await early.close();
  });

  test('stays what it was when it is damaged: nothing is upgraded that cannot be opened', async () => {
    const path = ledgerPath();
    writeFormat1(path, content);
    const db = new DatabaseSync(path);
    db.exec('DELETE FROM head');
    db.close();
    await expect(openSqliteStore({ path, mode: 'write' })).rejects.toMatchObject({ code: 'LEDGER_CORRUPT' });
    expect(versionOf(path)).toBe(1);
  });
});

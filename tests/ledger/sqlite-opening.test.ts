import { spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { openStore } from '../../src/ledger/open-store.ts';
import { takeLedgerLock } from '../../src/ledger/stores/sqlite/ledger-lock.ts';
import { formatVersion } from '../../src/ledger/stores/sqlite/schema.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { blob, record, request } from './record-factory.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** Every file of a directory with the hash of its bytes: equal before and after means nothing was changed. */
function listing(directory: string): string[] {
  return readdirSync(directory)
    .sort()
    .map((name) => {
      const path = join(directory, name);
      return `${name} ${statSync(path).isFile() ? sha256Hex(readFileSync(path)) : 'directory'}`;
    });
}

async function closedLedger(records = 400): Promise<{ directory: string; path: string }> {
  const directory = temporaryDirectory();
  const path = join(directory, 'ledger.db');
  const store = await openSqliteStore({ path, mode: 'write' });
  const bytes = Buffer.alloc(500, 'x');
  await Promise.all(
    Array.from({ length: records }, (_, index) =>
      store.append(
        request('a', index - 1, [
          { ...record(index), bytes: Buffer.concat([bytes, Buffer.from(`${index}`)]) },
        ]),
      ),
    ),
  );
  await store.close();
  return { directory, path };
}

async function refusesUnchanged(directory: string, path: string, code: string): Promise<void> {
  for (const mode of ['write', 'read'] as const) {
    const before = listing(directory);
    await expect(openSqliteStore({ path, mode }), mode).rejects.toMatchObject({ code });
    expect(listing(directory)).toEqual(before);
  }
}

describe('what is not a ledger is refused and left alone', () => {
  const cases: readonly (readonly [string, string, (path: string) => void])[] = [
    ['an empty file', 'LEDGER_FORMAT', (path) => writeFileSync(path, '')],
    ['a short text', 'LEDGER_FORMAT', (path) => writeFileSync(path, 'hello\n')],
    ['random bytes', 'LEDGER_FORMAT', (path) => writeFileSync(path, Buffer.alloc(9000, 0xa7))],
    ['a directory', 'LEDGER_FORMAT', (path) => mkdirSync(path)],
    [
      'the SQLite file of another program',
      'LEDGER_FORMAT',
      (path) => {
        const db = new DatabaseSync(path);
        db.exec('CREATE TABLE t (x); PRAGMA user_version = 1');
        db.close();
      },
    ],
    [
      'the SQLite file of another program in WAL mode',
      'LEDGER_FORMAT',
      (path) => {
        const db = new DatabaseSync(path);
        db.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (x)');
        db.close();
      },
    ],
  ];
  for (const [name, code, make] of cases) {
    test(name, async () => {
      const directory = temporaryDirectory();
      const path = join(directory, 'ledger.db');
      make(path);
      await refusesUnchanged(directory, path, code);
    });
  }

  test('an empty file, by its name', async () => {
    const path = join(temporaryDirectory(), 'ledger.db');
    writeFileSync(path, '');
    await expect(openSqliteStore({ path, mode: 'read' })).rejects.toMatchObject({
      message: expect.stringContaining('is not a ledger: the file is empty. Nothing was changed.'),
    });
  });

  test('a newer format', async () => {
    const { directory, path } = await closedLedger();
    const db = new DatabaseSync(path);
    db.exec(`PRAGMA user_version = ${formatVersion + 1}`);
    db.close();
    await refusesUnchanged(directory, path, 'LEDGER_FORMAT_NEWER');
  });
});

describe('a damaged ledger is refused and left alone', () => {
  test('cut off anywhere', async () => {
    const { directory, path } = await closedLedger();
    const whole = readFileSync(path);
    for (const keep of [whole.length - 1, whole.length - 4096, whole.length / 2, 4096, 4000, 99]) {
      writeFileSync(path, whole.subarray(0, Math.floor(keep)));
      await refusesUnchanged(directory, path, 'LEDGER_CORRUPT');
    }
  });

  test('with its last pages overwritten', async () => {
    const { directory, path } = await closedLedger();
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(3 * 4096), 0, 3 * 4096, statSync(path).size - 3 * 4096);
    closeSync(file);
    await refusesUnchanged(directory, path, 'LEDGER_CORRUPT');
  });

  const statements = [
    'DELETE FROM head',
    'DROP TABLE head',
    'DROP TABLE blobs',
    'DROP TABLE erased',
    "UPDATE head SET roots = x'00'",
    'UPDATE head SET size = size + 1',
    'DELETE FROM records WHERE position = 0',
    'DELETE FROM records WHERE position = 399',
    "UPDATE records SET bytes = x'00' WHERE position = 399",
  ];
  for (const statement of statements) {
    test(`after ${statement}`, async () => {
      const { directory, path } = await closedLedger();
      const db = new DatabaseSync(path);
      db.exec(statement);
      db.close();
      await refusesUnchanged(directory, path, 'LEDGER_CORRUPT');
    });
  }

  test('cut off while its log is still beside it', async () => {
    const { path } = await closedLedger();
    const copies = temporaryDirectory();
    const copy = join(copies, 'ledger.db');
    const store = await openSqliteStore({ path, mode: 'write' });
    await store.append(request('a', 399, [record(1000)]));
    for (const suffix of ['', '-wal', '-shm']) copyFileSync(path + suffix, copy + suffix);
    await store.close();
    truncateSync(copy, 5 * 4096);
    const ofFiles = (): string[] => listing(copies).filter((line) => !line.includes('-shm'));
    const before = ofFiles();
    for (const mode of ['write', 'read'] as const) {
      await expect(openSqliteStore({ path: copy, mode })).rejects.toMatchObject({ code: 'LEDGER_CORRUPT' });
      expect(ofFiles()).toEqual(before);
    }
  });
});

describe('opening', () => {
  test('makes a ledger only when writing and allowed to', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'ledger.db');
    const missing = { code: 'LEDGER_NOT_FOUND' };
    await expect(openSqliteStore({ path, mode: 'read' })).rejects.toMatchObject(missing);
    await expect(openSqliteStore({ path, mode: 'write', create: false })).rejects.toMatchObject(missing);
    await expect(openSqliteStore({ path: join(path, 'deeper.db'), mode: 'write' })).rejects.toMatchObject(
      missing,
    );
    expect(readdirSync(directory)).toEqual([]);
    await (await openSqliteStore({ path, mode: 'write' })).close();
    expect(readdirSync(directory)).toEqual(['ledger.db', 'ledger.db-lock']);
  });

  test('leaves one file and its lock behind, and finds all of it again', async () => {
    const { directory, path } = await closedLedger(5);
    expect(readdirSync(directory)).toEqual(['ledger.db', 'ledger.db-lock']);
    for (const mode of ['read', 'write'] as const) {
      const store = await openSqliteStore({ path, mode });
      expect((await store.head()).size).toBe(5);
      await store.close();
      expect(readdirSync(directory)).toEqual(['ledger.db', 'ledger.db-lock']);
    }
  });

  test('a reader may not write', async () => {
    const { path } = await closedLedger(1);
    const store = await openSqliteStore({ path, mode: 'read' });
    await expect(store.append(request('a', 0, [record(2)]))).rejects.toMatchObject({
      code: 'LEDGER_READ_ONLY',
    });
    await expect(store.putBlobs([blob('x')])).rejects.toMatchObject({ code: 'LEDGER_READ_ONLY' });
    await store.close();
  });

  test('lets several writers share a ledger in one process, by any name', async () => {
    const { directory, path } = await closedLedger(1);
    const alias = join(directory, 'alias.db');
    symlinkSync(path, alias);
    const first = await openSqliteStore({ path, mode: 'write' });
    const second = await openSqliteStore({ path: alias, mode: 'write' });
    expect((await first.append(request('a', 0, [record(2)]))).positions).toEqual([1]);
    expect((await second.append(request('a', 1, [record(3)]))).positions).toEqual([2]);
    await first.close();
    expect((await second.append(request('a', 2, [record(4)]))).positions).toEqual([3]);
    await second.close();
    expect(readdirSync(directory).sort()).toEqual(['alias.db', 'ledger.db', 'ledger.db-lock']);
  });

  test('is refused to writers while one needs the ledger alone, and to that one while others write', async () => {
    const { path } = await closedLedger(1);
    const alone = takeLedgerLock(path, 'sqlite:it', 'alone');
    await expect(openSqliteStore({ path, mode: 'write', lockWaitMs: 30 })).rejects.toMatchObject({
      code: 'LEDGER_BUSY',
      message: expect.stringMatching(/^Another process needs .* for itself .* read meanwhile\.$/),
    });
    const reader = await openSqliteStore({ path, mode: 'read' });
    expect((await reader.head()).size).toBe(1);
    await reader.close();
    // Who waits gets it as soon as it is free.
    const waiting = openSqliteStore({ path, mode: 'write' });
    alone.release();
    const writer = await waiting;
    onTestFinished(() => writer.close());
    const script = `
      const { openSqliteStore } = await import(${JSON.stringify(resolve('src/ledger/stores/sqlite/sqlite-store.ts'))});
      const { takeLedgerLock } = await import(${JSON.stringify(resolve('src/ledger/stores/sqlite/ledger-lock.ts'))});
      const path = ${JSON.stringify(path)};
      const reader = await openSqliteStore({ path, mode: 'read' });
      const size = (await reader.head()).size;
      let code = 'taken';
      try { takeLedgerLock(path, 'sqlite:it', 'alone') } catch (error) { code = error.code }
      await reader.close();
      console.log(size, code);
    `;
    for (let round = 0; round < 2; round += 1) {
      const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        encoding: 'utf8',
      });
      expect(stdout.trim()).toBe('1 LEDGER_BUSY');
    }
    // A reader's end frees no lock of ours.
    expect(() => takeLedgerLock(path, 'sqlite:it', 'alone')).toThrow(
      'sqlite:it is being written by another process, and this needs it alone: let that end, and try again.',
    );
  });

  test('makes a new ledger once, however many open it at the same time', async () => {
    const path = join(temporaryDirectory(), 'ledger.db');
    const stores = await Promise.all(
      Array.from({ length: 6 }, () => openSqliteStore({ path, mode: 'write' })),
    );
    for (const [index, store] of stores.entries()) {
      expect((await store.append(request('a', index - 1, [record(index)]))).positions).toEqual([index]);
    }
    await Promise.all(stores.map((store) => store.close()));
  });

  test('understands sqlite:PATH, a bare path and memory:, and nothing else', async () => {
    const path = join(temporaryDirectory(), 'ledger.db');
    const create = { mode: 'write', create: true } as const;
    const first = await openStore(`sqlite:${path}`, create);
    expect(first.address).toBe(`sqlite:${path}`);
    await first.close();
    const second = await openStore(path, { mode: 'read', create: false });
    expect(second.address).toBe(`sqlite:${path}`);
    await second.close();
    expect((await openStore('memory:', create)).address).toBe('memory:');
    for (const address of ['', 'sqlite:', 'postgres://host/db', 'memory:x', 'file:ledger.db']) {
      await expect(openStore(address, create)).rejects.toMatchObject({ code: 'LEDGER_URL' });
    }
    expect(existsSync('postgres')).toBe(false);
  });
});

import { copyFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/kernel/random.ts';
import { backupLedger } from '../../src/ledger/backup-ledger.ts';
import { type RestoreOptions, restoreLedger } from '../../src/ledger/restore-ledger.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { verifyLedger } from '../../src/ledger/verify-ledger.ts';
import { filledLedger, runUntilKilled } from './backing-up.ts';
import { eventDraft, realRecords } from './event-factory.ts';
import { stream } from './record-factory.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const long = process.env['PAWL_LONG'] === '1';
const kills = long ? 60 : 6;
const seed = process.env['PAWL_SEED'] ?? 'restore-1';

function options(replace: boolean): RestoreOptions {
  return { replace, onProgress: () => undefined, mayPlace: async () => undefined };
}

/** A ledger of 100 records with a backup of them, written on to 130. */
async function writtenOn(): Promise<{
  readonly directory: string;
  readonly path: string;
  readonly backup: string;
}> {
  const directory = temporaryDirectory();
  const [path, backup] = [join(directory, 'ledger.db'), join(directory, 'backup.db')];
  await filledLedger(path, 100);
  await backupLedger(path, backup, () => undefined);
  const store = await openSqliteStore({ path, mode: 'write' });
  await appendTo(store, 30);
  await store.close();
  return { directory, path, backup };
}

async function appendTo(store: Awaited<ReturnType<typeof openSqliteStore>>, count: number): Promise<void> {
  const last = await store.lastRevision(stream('more'));
  const drafts = Array.from({ length: count }, (_, at) => eventDraft(50_000 + last + at));
  const records = realRecords(stream('more'), last + 1, drafts);
  await store.append({ stream: stream('more'), expectedRevision: last, records, blobs: [] });
}

/** Records of the ledger at a path, once all of it is checked. */
async function sizeOf(path: string): Promise<number> {
  const store = await openSqliteStore({ path, mode: 'read' });
  try {
    expect(await verifyLedger(store, { deep: true })).toMatchObject({ ok: true, problems: [] });
    return (await store.head()).size;
  } finally {
    await store.close();
  }
}

describe('a backup is restored', () => {
  test('where no ledger is, as it is, and stays what it was', async () => {
    const { directory, path, backup } = await writtenOn();
    const before = readFileSync(backup);
    const target = join(directory, 'elsewhere', 'ledger.db');
    const result = await restoreLedger(backup, target, options(false));
    expect(result).toMatchObject({ replaced: null, blobs: 100, head: { size: 100 } });
    expect(readdirSync(join(directory, 'elsewhere'))).toEqual(['ledger.db', 'ledger.db-lock']);
    expect(readFileSync(backup).equals(before)).toBe(true);
    expect(await sizeOf(target)).toBe(100);
    const store = await openSqliteStore({ path: target, mode: 'write' });
    await appendTo(store, 5);
    await store.close();
    expect(await sizeOf(target)).toBe(105);
    expect(await sizeOf(path)).toBe(130);
  });

  test('in the place of a ledger only when that is wanted, and that one is kept', async () => {
    const { directory, path, backup } = await writtenOn();
    await expect(restoreLedger(backup, path, options(false))).rejects.toMatchObject({
      code: 'OUTPUT_EXISTS',
      message: expect.stringContaining('Add --replace to put the backup in its place'),
    });
    expect(await sizeOf(path)).toBe(130);
    // What follows from the ledger of before must not be taken for that of the restored one.
    for (const beside of ['-snapshots', '-queue', '-queue-wal'])
      writeFileSync(path + beside, 'of the ledger of before');
    expect((await restoreLedger(backup, path, options(true))).replaced).toBe(`${path}.replaced-1`);
    expect(await sizeOf(path)).toBe(100);
    expect(await sizeOf(`${path}.replaced-1`)).toBe(130);
    // And back again.
    const again = await restoreLedger(`${path}.replaced-1`, path, options(true));
    expect([again.head.size, again.replaced]).toEqual([130, `${path}.replaced-2`]);
    expect(await sizeOf(path)).toBe(130);
    expect(readdirSync(directory)).toEqual([
      'backup.db',
      'ledger.db',
      'ledger.db-lock',
      'ledger.db.replaced-1',
      'ledger.db.replaced-2',
    ]);
  });

  test('not while somebody writes or reads the ledger, who goes on undisturbed', async () => {
    const { path, backup } = await writtenOn();
    const writer = await openSqliteStore({ path, mode: 'write' });
    await expect(restoreLedger(backup, path, options(true))).rejects.toMatchObject({ code: 'LEDGER_BUSY' });
    await appendTo(writer, 1);
    const reader = await openSqliteStore({ path, mode: 'read' });
    await writer.close();
    await expect(restoreLedger(backup, path, options(true))).rejects.toMatchObject({
      code: 'LEDGER_BUSY',
      message: expect.stringMatching(/^Another program reads .* nothing was changed\.$/),
    });
    expect((await reader.head()).size).toBe(131);
    const later = await openSqliteStore({ path, mode: 'write' });
    await appendTo(later, 1);
    expect((await reader.head()).size).toBe(132);
    await later.close();
    await reader.close();
    await restoreLedger(backup, path, options(true));
    expect([await sizeOf(path), await sizeOf(`${path}.replaced-1`)]).toEqual([100, 132]);
  }, 20_000);

  test('in the place of one whose writer was killed, which keeps what stood in its log', async () => {
    const { directory, path, backup } = await writtenOn();
    const writer = await openSqliteStore({ path, mode: 'write' });
    await appendTo(writer, 7);
    const killed = join(directory, 'killed.db');
    for (const suffix of ['', '-wal']) copyFileSync(path + suffix, killed + suffix);
    await writer.close();
    await restoreLedger(backup, killed, options(true));
    expect([await sizeOf(killed), await sizeOf(`${killed}.replaced-1`)]).toEqual([100, 137]);
    expect(existsSync(`${killed}-wal`)).toBe(false);
  });

  test('in the place of a damaged one, with the log that was beside it set aside', async () => {
    const { directory, path, backup } = await writtenOn();
    const writer = await openSqliteStore({ path, mode: 'write' });
    await appendTo(writer, 7);
    const damaged = join(directory, 'damaged.db');
    for (const suffix of ['', '-wal']) copyFileSync(path + suffix, damaged + suffix);
    await writer.close();
    truncateSync(damaged, 5 * 4096);
    await restoreLedger(backup, damaged, options(true));
    expect(await sizeOf(damaged)).toBe(100);
    expect(readdirSync(directory).filter((name) => name.startsWith('damaged'))).toEqual([
      'damaged.db',
      'damaged.db-lock',
      'damaged.db.replaced-1',
      'damaged.db.replaced-1-wal',
    ]);
  });

  test('not in the place of what is no ledger, not from itself, and not when it does not verify', async () => {
    const { directory, path, backup } = await writtenOn();
    const other = join(directory, 'notes.db');
    writeFileSync(other, 'my notes');
    await expect(restoreLedger(backup, other, options(true))).rejects.toMatchObject({
      code: 'LEDGER_FORMAT',
    });
    expect(readFileSync(other, 'utf8')).toBe('my notes');
    await expect(restoreLedger(path, path, options(true))).rejects.toMatchObject({ code: 'USAGE' });
    const none = join(directory, 'none.db');
    await expect(restoreLedger(none, path, options(true))).rejects.toMatchObject({
      code: 'LEDGER_NOT_FOUND',
    });
    const db = new DatabaseSync(backup);
    db.exec("UPDATE blobs SET bytes = x'00' WHERE blob = 50");
    db.close();
    await expect(restoreLedger(backup, path, options(true))).rejects.toMatchObject({ code: 'INTEGRITY' });
    expect(await sizeOf(path)).toBe(130);
    expect(existsSync(`${path}.replaced-1`)).toBe(false);
  });

  test('not when who asked for it does not want what it shows', async () => {
    const { directory, path, backup } = await writtenOn();
    const names = readdirSync(directory);
    const mayPlace = async (address: string): Promise<void> => {
      expect(await sizeOf(address.replace('sqlite:', ''))).toBe(100);
      throw new Error('rather not');
    };
    await expect(restoreLedger(backup, path, { ...options(true), mayPlace })).rejects.toThrow('rather not');
    expect(await sizeOf(path)).toBe(130);
    expect(readdirSync(directory)).toEqual(names);
  });

  test(`${kills} kills while restoring: there is always a whole ledger, the old or the new one (seed ${seed})`, async () => {
    const { directory, path, backup } = await writtenOn();
    const random = seededRandom(seed);
    for (let kill = 0; kill < kills; kill += 1) {
      await runUntilKilled(['restore', backup, path], random.int(1, 3));
      const size = await sizeOf(path);
      expect([100, 130]).toContain(size);
      for (const name of readdirSync(directory)) {
        if (/replaced-[0-9]+$/.test(name)) expect([100, 130]).toContain(await sizeOf(join(directory, name)));
      }
    }
    await restoreLedger(backup, path, options(true));
    expect(await sizeOf(path)).toBe(100);
    expect(readdirSync(directory).filter((name) => name.startsWith('.writing-'))).toEqual([]);
  }, 300_000);
});

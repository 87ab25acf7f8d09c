import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.ts';
import { openSqliteStore } from '../../src/ledger/stores/sqlite/sqlite-store.ts';
import { SqliteWorkQueue } from '../../src/ledger/stores/sqlite/sqlite-work-queue.ts';
import type { WorkQueue } from '../../src/ledger/work-queue.ts';
import { item, items, leaseMs, never, numberOf, run, workerName } from './contract/work/queue-items.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const terms = { leaseMs, attemptsMax: 3 };
const [a, b] = [workerName('A'), workerName('B')];

function emptyLedger(directory = temporaryDirectory()): string {
  const ledgerPath = join(directory, 'ledger.db');
  writeFileSync(ledgerPath, '');
  return ledgerPath;
}

function open(
  ledgerPath: string,
  options: { readonly mode?: 'read' | 'write'; readonly pagesMax?: number; readonly busyMsMax?: number } = {},
): SqliteWorkQueue {
  const { mode = 'write', pagesMax = null, busyMsMax = 10_000 } = options;
  const queue = new SqliteWorkQueue({ ledgerPath, mode, pagesMax, busyMsMax }, systemClock);
  onTestFinished(() => queue.close());
  return queue;
}

async function kinds(queue: WorkQueue): Promise<readonly string[]> {
  return (await queue.items(run)).map(({ standing }) => standing.kind);
}

describe('the file of a queue', () => {
  test('is made when something is first written, not by looking, and may be read by whoever may read the ledger', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'ledger.db');
    const store = await openSqliteStore({ path, mode: 'write' });
    const queue = store.workQueue();
    const before = readdirSync(directory);
    expect(await queue.items(run)).toEqual([]);
    expect(await queue.pulses()).toEqual([]);
    expect(await queue.unpark(run)).toEqual([]);
    expect(await queue.take(run, a, 0, never)).toBeNull();
    await queue.withdraw(run);
    expect(readdirSync(directory)).toEqual(before);
    chmodSync(path, 0o640);
    await queue.offer(run, items(1), terms);
    expect(statSync(`${path}-queue`).mode & 0o777).toBe(0o640);
    expect(store.workQueue()).toBe(queue);
    await store.close();
    await expect(queue.items(run)).rejects.toMatchObject({ code: 'LEDGER_CLOSED' });
    await expect(queue.take(run, a, 1_000_000, never)).rejects.toMatchObject({ code: 'LEDGER_CLOSED' });
    expect(readdirSync(directory).filter((name) => name.includes('queue'))).toEqual(['ledger.db-queue']);
    const reader = await openSqliteStore({ path, mode: 'read' });
    expect(await kinds(reader.workQueue())).toEqual(['waiting']);
    await expect(reader.workQueue().offer(run, items(2), terms)).rejects.toMatchObject({
      code: 'LEDGER_READ_ONLY',
    });
    await reader.close();
  });

  test('that is removed under its users is made again, and what is offered again is there', async () => {
    const ledgerPath = emptyLedger();
    const [one, other] = [open(ledgerPath), open(ledgerPath)];
    await one.offer(run, items(1, 2), terms);
    const lease = await one.take(run, a, 0, never);
    expect(await kinds(other)).toEqual(['taken', 'waiting']);
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${ledgerPath}-queue${suffix}`);
    expect(await kinds(other)).toEqual([]);
    await lease?.finish();
    expect(lease?.lost.aborted).toBe(false);
    await other.offer(run, items(1, 2), terms);
    expect(await kinds(one)).toEqual(['waiting', 'waiting']);
    const again = await one.take(run, b, 0, never);
    await lease?.release();
    expect([again?.item, again?.attempt, again?.from]).toEqual([item(1), 1, null]);
    expect(await kinds(other)).toEqual(['taken', 'waiting']);
  });

  const damages: Record<string, (path: string) => void> = {
    'other bytes': (path) =>
      writeFileSync(path, 'these bytes are no database, whatever the name of the file says'),
    'nothing at all': (path) => writeFileSync(path, ''),
    'its first half': (path) => {
      const bytes = readFileSync(path);
      writeFileSync(path, bytes.subarray(0, bytes.length / 2));
    },
    'pages of zeros': (path) => {
      const bytes = readFileSync(path);
      writeFileSync(path, bytes.fill(0, 4096));
    },
  };
  for (const [what, damage] of Object.entries(damages)) {
    test(`that holds ${what} is made again when it is opened`, async () => {
      const ledgerPath = emptyLedger();
      const numbers = Array.from({ length: 500 }, (_, number) => number);
      const before = open(ledgerPath);
      await before.offer(run, items(...numbers), terms);
      before.close();
      damage(`${ledgerPath}-queue`);
      expect(await open(ledgerPath, { mode: 'read' }).items(run)).toEqual([]);
      const [one, other] = [open(ledgerPath), open(ledgerPath)];
      await one.offer(run, items(1, 2), terms);
      expect((await other.take(run, a, 0, never))?.item).toEqual(item(1));
      expect(await kinds(one)).toEqual(['taken', 'waiting']);
    });
  }

  test('that is damaged while it is used is made again by whoever meets it, and the others follow', async () => {
    const ledgerPath = emptyLedger();
    const [one, other] = [open(ledgerPath), open(ledgerPath)];
    const numbers = Array.from({ length: 500 }, (_, number) => number);
    await one.offer(run, items(...numbers), terms);
    expect((await kinds(other)).length).toBe(500);
    const path = `${ledgerPath}-queue`;
    // What the log holds would hide the damage; the last to close folds it into the file.
    one.close();
    other.close();
    const [first, second] = [open(ledgerPath), open(ledgerPath)];
    expect((await kinds(first)).length).toBe(500);
    expect((await kinds(second)).length).toBe(500);
    writeFileSync(path, readFileSync(path).fill(0xff, 4096));
    await first.offer(run, items(1000), terms);
    await second.offer(run, items(1001), terms);
    // Whichever of the two has met it, what was offered before that is gone.
    await first.offer(run, items(1000, 1001), terms);
    const found = [await first.take(run, a, 0, never), await second.take(run, b, 0, never)];
    expect(found.map((lease) => lease && numberOf(lease.item)).sort()).toEqual([1000, 1001]);
    expect(await kinds(first)).toEqual(['taken', 'taken']);
    expect(await kinds(second)).toEqual(['taken', 'taken']);
  });

  test('goes with its ledger: a new ledger of the same name begins with an empty queue', async () => {
    const path = join(temporaryDirectory(), 'ledger.db');
    const first = await openSqliteStore({ path, mode: 'write' });
    await first.workQueue().offer(run, items(1), terms);
    await first.close();
    rmSync(path);
    const second = await openSqliteStore({ path, mode: 'write' });
    expect(await kinds(second.workQueue())).toEqual([]);
    expect(existsSync(`${path}-queue`)).toBe(false);
    await second.close();
  });

  test('of another program is left alone, and so is that of a newer version', async () => {
    const ledgerPath = emptyLedger();
    const path = `${ledgerPath}-queue`;
    const foreign = new DatabaseSync(path);
    foreign.exec('CREATE TABLE songs (name TEXT)');
    foreign.close();
    const bytes = readFileSync(path);
    await expect(open(ledgerPath).offer(run, items(1), terms)).rejects.toMatchObject({
      code: 'LEDGER_FORMAT',
    });
    await expect(open(ledgerPath, { mode: 'read' }).items(run)).rejects.toMatchObject({
      code: 'LEDGER_FORMAT',
    });
    expect(readFileSync(path)).toEqual(bytes);
    rmSync(path);
    await open(ledgerPath).offer(run, items(1), terms);
    const newer = new DatabaseSync(path);
    newer.exec('PRAGMA user_version = 2');
    newer.close();
    await expect(open(ledgerPath).take(run, a, 0, never)).rejects.toMatchObject({
      code: 'LEDGER_FORMAT_NEWER',
    });
  });
});

describe('a queue that cannot be written', () => {
  test('says that another program holds it, and goes on when that lets go', async () => {
    const ledgerPath = emptyLedger();
    const queue = open(ledgerPath, { busyMsMax: 150 });
    await queue.offer(run, items(1), terms);
    const holder = new DatabaseSync(`${ledgerPath}-queue`);
    holder.exec('BEGIN IMMEDIATE');
    await expect(queue.take(run, a, 0, never)).rejects.toMatchObject({ code: 'LEDGER_BUSY' });
    expect(await kinds(queue)).toEqual(['waiting']);
    holder.close();
    expect((await queue.take(run, a, 0, never))?.attempt).toBe(1);
  });

  test('waits for another program as long as it may, and the thread goes on meanwhile', async () => {
    const ledgerPath = emptyLedger();
    const queue = open(ledgerPath);
    await queue.offer(run, items(1), terms);
    const holder = new DatabaseSync(`${ledgerPath}-queue`);
    holder.exec('BEGIN IMMEDIATE');
    const taking = queue.take(run, a, 0, never);
    setImmediate(() => holder.close());
    expect((await taking)?.item).toEqual(item(1));
  });

  test('says that the disk is full, keeps what it has, and takes the rest once there is room', async () => {
    const ledgerPath = emptyLedger();
    const full = open(ledgerPath, { pagesMax: 40 });
    await full.offer(run, items(1, 2), terms);
    const many = Array.from({ length: 4000 }, (_, number) => item(number));
    await expect(full.offer(run, many, terms)).rejects.toMatchObject({
      code: 'STORAGE_FULL',
      context: { address: `sqlite:${ledgerPath}-queue` },
    });
    expect(await kinds(full)).toEqual(['waiting', 'waiting']);
    expect((await full.take(run, a, 0, never))?.item).toEqual(item(1));
    full.close();
    const roomy = open(ledgerPath);
    await roomy.offer(run, many, terms);
    expect((await kinds(roomy)).length).toBe(4000);
    expect((await roomy.take(run, b, 0, never))?.item).toEqual(item(2));
  });

  test.runIf(process.getuid?.() === 0)(
    'says that the directory may only be read, where the queue can still be looked at',
    async () => {
      const directory = mkdtempSync(join(tmpdir(), 'pawl-queue-'));
      onTestFinished(() => rmSync(directory, { recursive: true }));
      const ledgerPath = emptyLedger(directory);
      chmodSync(directory, 0o555);
      // Root may write anywhere.
      process.seteuid?.(65_534);
      onTestFinished(() => process.seteuid?.(0));
      const refused = expect(open(ledgerPath).offer(run, items(1), terms)).rejects;
      await refused.toMatchObject({
        code: 'STORAGE_FAILED',
        message: expect.stringContaining('Is the directory read-only?'),
      });
      expect(existsSync(`${ledgerPath}-queue`)).toBe(false);
      process.seteuid?.(0);
      const writer = open(ledgerPath);
      await writer.offer(run, items(1, 2), terms);
      process.seteuid?.(65_534);
      // With a worker at it, and without.
      expect(await kinds(open(ledgerPath, { mode: 'read' }))).toEqual(['waiting', 'waiting']);
      process.seteuid?.(0);
      writer.close();
      process.seteuid?.(65_534);
      expect(await kinds(open(ledgerPath, { mode: 'read' }))).toEqual(['waiting', 'waiting']);
      expect(await open(ledgerPath, { mode: 'read' }).pulses()).toEqual([]);
    },
  );
});
